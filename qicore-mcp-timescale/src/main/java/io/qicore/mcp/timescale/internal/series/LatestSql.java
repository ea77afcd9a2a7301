package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Hypertables;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.connect.Session;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statement of {@code get_latest}, with the parameters {@code from} and {@code series} if they are given.
 *
 * <p>If an index begins with the series and the time, each series is found by a search in the index from the one before,
 * and its newest row by another one. That costs the same for a thousand rows of a series as for a million. PostgreSQL does
 * not do so by itself, and TimescaleDB's SkipScan only if the index has the directions of the order.
 *
 * @see <a href="https://wiki.postgresql.org/wiki/Loose_indexscan">Loose index scan</a>
 */
final class LatestSql {

    /** The operators "greater" and "equal" of the order of the index, which only a superuser can define. */
    private static final String INDEX = "SELECT pg_catalog.format('OPERATOR(%I.%s)', gn.nspname, g.oprname),"
            + " pg_catalog.format('OPERATOR(%I.%s)', en.nspname, e.oprname) FROM pg_catalog.pg_index i JOIN"
            + " pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam JOIN"
            + " pg_catalog.pg_attribute s ON s.attrelid = i.indrelid AND s.attnum = i.indkey[0] JOIN"
            + " pg_catalog.pg_attribute t ON t.attrelid = i.indrelid AND t.attnum = i.indkey[1] JOIN"
            + " pg_catalog.pg_opclass o ON o.oid = i.indclass[0] JOIN pg_catalog.pg_amop ga ON ga.amopfamily ="
            + " o.opcfamily AND ga.amoplefttype = o.opcintype AND ga.amoprighttype = o.opcintype AND ga.amopstrategy = 5"
            + " JOIN pg_catalog.pg_operator g ON g.oid = ga.amopopr JOIN pg_catalog.pg_namespace gn ON gn.oid ="
            + " g.oprnamespace JOIN pg_catalog.pg_amop ea ON ea.amopfamily = o.opcfamily AND ea.amoplefttype ="
            + " o.opcintype AND ea.amoprighttype = o.opcintype AND ea.amopstrategy = 3 JOIN pg_catalog.pg_operator e ON"
            + " e.oid = ea.amopopr JOIN pg_catalog.pg_namespace en ON en.oid = e.oprnamespace WHERE i.indrelid ="
            + " CAST(CAST(? AS pg_catalog.int8) AS pg_catalog.oid) AND m.amname = 'btree' AND i.indisvalid AND i.indpred"
            + " IS NULL AND o.opcdefault AND i.indcollation[0] = s.attcollation AND s.attname = ? AND t.attname = ? AND"
            // Tables that inherit have indexes of their own, or none. Chunks have those of their hypertable.
            + " (? OR c.relkind = 'I' OR NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent ="
            + " i.indrelid)) LIMIT 1";

    /** The operators of an index, qualified. */
    record Operators(String greater, String equal) {}

    private LatestSql() {}

    /** Returns the operators of an index for the newest row of each series, if the table has one. */
    static Optional<Operators> index(Session session, SeriesTable table, TableColumn series) throws SQLException {
        boolean hypertable = false;
        if (table.timescale().isPresent() && table.table().kind() == 'r') {
            Optional<Hypertable> found = new Hypertables(session).find(table.table());
            hypertable = found.isPresent();
            // A search does not reach into a compressed chunk by an index. SkipScan does.
            if (hypertable && found.get().compressed()) {
                return Optional.empty();
            }
        }
        return session.first(
                INDEX,
                row -> new Operators(row.getString(1), row.getString(2)),
                table.table().oid(),
                series.name(),
                table.time().name(),
                hypertable);
    }

    /**
     * Returns the statement.
     *
     * @param series the column that tells the series apart, or null for the newest rows of the table
     * @param bounded whether there is a parameter from
     * @param chosen whether there is a parameter series
     */
    static String of(
            SeriesTable table,
            @Nullable TableColumn series,
            Optional<Operators> index,
            boolean bounded,
            boolean chosen) {
        String name = table.table().sqlName();
        String time = table.time().sqlName();
        // Lets TimescaleDB exclude chunks, and excludes NULLs and infinities.
        String conditions = table.kind().present(time)
                + (bounded
                        ? " AND " + time + " >= CAST(:from AS " + table.kind().boundType() + ")"
                        : "");
        if (series == null) {
            return "SELECT * FROM " + name + " WHERE " + conditions + " ORDER BY " + time + " DESC";
        }
        String column = series.sqlName();
        if (index.isEmpty()) {
            return "SELECT DISTINCT ON (" + column + ") * FROM " + name + " WHERE " + conditions
                    + (chosen ? " AND " + isChosen(column) : "") + " ORDER BY " + column + ", " + time + " DESC";
        }
        String newest = " CROSS JOIN LATERAL (SELECT * FROM " + name + " WHERE " + column + " "
                + index.get().equal() + " series_.value AND " + conditions + " ORDER BY " + time
                + " DESC LIMIT 1) AS newest";
        if (chosen && isText(series)) {
            return "SELECT newest.* FROM (SELECT DISTINCT value FROM pg_catalog.unnest(CAST(:series AS"
                    + " pg_catalog.text[])) AS wanted (value)) AS series_" + newest + " ORDER BY newest." + column;
        }
        String next = "SELECT " + column + " FROM " + name + " WHERE " + column + " ";
        String withoutNull = "WITH RECURSIVE series_ (value) AS ((" + next + "IS NOT NULL ORDER BY " + column
                + " LIMIT 1) UNION ALL SELECT (" + next + index.get().greater() + " series_.value ORDER BY " + column
                + " LIMIT 1) FROM series_ WHERE series_.value IS NOT NULL) SELECT newest.* FROM series_" + newest
                + (chosen ? " WHERE " + isChosen("series_.value") : "");
        return chosen || !series.nullable()
                ? withoutNull
                : "(" + withoutNull + ") UNION ALL (SELECT * FROM " + name + " WHERE " + column + " IS NULL AND "
                        + conditions + " ORDER BY " + time + " DESC LIMIT 1)";
    }

    private static boolean isText(TableColumn column) {
        return column.type().equals("text") || column.type().startsWith("character varying");
    }

    private static String isChosen(String value) {
        return "CAST(" + value + " AS pg_catalog.text) = ANY (CAST(:series AS pg_catalog.text[]))";
    }
}
