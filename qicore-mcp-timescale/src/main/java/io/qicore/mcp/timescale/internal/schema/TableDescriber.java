package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.HypertableFacts;
import io.qicore.mcp.timescale.internal.catalog.Hypertables;
import io.qicore.mcp.timescale.internal.catalog.Policies;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.TableType;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the description of a table from the catalogue. Bound to one transaction. */
final class TableDescriber {

    private static final String PRIMARY_KEY = "SELECT a.attname FROM pg_index i"
            + " CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)"
            + " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
            + " WHERE i.indrelid = CAST(? AS bigint)::oid AND i.indisprimary ORDER BY k.position";

    private static final String INDEXES = "SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisunique"
            + " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            + " WHERE i.indrelid = CAST(? AS bigint)::oid ORDER BY c.relname";

    private static final String COMMENT = "SELECT obj_description(CAST(? AS bigint)::oid, 'pg_class')";

    /** Excludes constraints of chunks, which repeat those of their hypertable, and indexes that are listed as keys. */
    private static final String CONSTRAINTS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            + " WHERE conrelid = CAST(? AS bigint)::oid AND contype IN ('f', 'u', 'c', 'x') ORDER BY conname";

    private final Session session;

    TableDescriber(Session session) {
        this.session = session;
    }

    TableDescription describe(Table table) throws SQLException {
        List<TableDescription.Column> columns = new ArrayList<>();
        for (TableColumn column : new Catalog(session).columns(table)) {
            columns.add(new TableDescription.Column(
                    column.name(),
                    session.limits().shown(column.type()),
                    column.nullable(),
                    session.shown(column.defaultValue()),
                    session.shown(column.comment())));
        }
        Optional<TimescaleExtension> timescale = TimescaleExtension.findSupported(session);
        Hypertable hypertable = timescale.isEmpty()
                ? null
                : new Hypertables(session).find(table).orElse(null);
        return new TableDescription(
                table.schema(),
                table.name(),
                type(table, hypertable),
                session.shown(session.first(COMMENT, row -> Optional.ofNullable(row.getString(1)), table.oid())
                        .flatMap(comment -> comment)
                        .orElse(null)),
                columns,
                session.list(PRIMARY_KEY, row -> row.getString(1), table.oid()),
                shown(
                        session.list(
                                CONSTRAINTS,
                                row -> new TableDescription.Constraint(row.getString(1), row.getString(2)),
                                table.oid()),
                        TableDescription.Constraint::definition),
                shown(
                        session.list(
                                INDEXES,
                                row -> new TableDescription.Index(
                                        row.getString(1), row.getString(2), row.getBoolean(3)),
                                table.oid()),
                        TableDescription.Index::definition),
                hypertable == null ? null : partitioning(hypertable, timescale.get()),
                aggregate(hypertable));
    }

    /** Returns those whose definition does not name an object in a schema that the caller may not use. */
    private <T> List<T> shown(List<T> all, Function<T, String> definition) throws SQLException {
        List<T> shown = new ArrayList<>();
        for (T each : all) {
            if (!session.mentionsHidden(definition.apply(each))) {
                shown.add(each);
            }
        }
        return shown;
    }

    private TableDescription.Partitioning partitioning(Hypertable hypertable, TimescaleExtension timescale)
            throws SQLException {
        HypertableFacts facts = new HypertableFacts(session, timescale);
        return new TableDescription.Partitioning(
                hypertable.timeColumn(),
                hypertable.chunkInterval(),
                hypertable.integerInterval(),
                hypertable.chunks(),
                hypertable.compressed(),
                facts.columnstore(hypertable).orElse(null),
                facts.dimensions(hypertable),
                new Policies(session).of(hypertable.table()),
                facts.aggregates(hypertable));
    }

    private static String type(Table table, @Nullable Hypertable hypertable) {
        if (hypertable == null) {
            return TableType.of(table.kind());
        }
        return hypertable.isAggregate() ? TableType.CONTINUOUS_AGGREGATE : TableType.HYPERTABLE;
    }

    private static TableDescription.@Nullable Aggregate aggregate(@Nullable Hypertable hypertable) {
        Hypertable.Aggregate aggregate = hypertable == null ? null : hypertable.aggregate();
        return aggregate == null
                ? null
                : new TableDescription.Aggregate(
                        aggregate.source(), aggregate.definition(), aggregate.materializedOnly());
    }
}
