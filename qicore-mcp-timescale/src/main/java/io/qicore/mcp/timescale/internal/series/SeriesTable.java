package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Hypertables;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table with time series.
 *
 * @param table the table or view
 * @param columns its columns
 * @param time the column of the time: a timestamp, a date or an integer
 * @param timescale the extension, if the database has it
 */
record SeriesTable(Table table, List<TableColumn> columns, TableColumn time, Optional<TimescaleExtension> timescale) {

    /**
     * Looks up a table and checks that the server's user may read it, and that reading it does nothing else.
     *
     * @param timeColumn the column of the time as the argument timeColumn names it, or null for the hypertable's, else for
     *     the only timestamp or date
     * @throws MCPToolError if the table or column does not exist or may not be read
     */
    static SeriesTable of(Session session, CatalogGuard guard, String text, @Nullable String timeColumn)
            throws SQLException {
        Catalog catalog = new Catalog(session);
        Table table = catalog.table(text);
        new Privileges(session).requireReadable(table);
        guard.checkRelation(session, table);
        List<TableColumn> columns = catalog.columns(table);
        Optional<TimescaleExtension> timescale = TimescaleExtension.findSupported(session);
        TableColumn time = timeColumn != null
                ? Catalog.column(table, columns, timeColumn)
                : defaultTime(session, table, columns, timescale.isPresent());
        if (!TimeKind.isTime(time) && !TimeKind.isInteger(time)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Column '" + time.name() + "' of '" + table.fullName() + "' is of type " + time.type()
                            + "; time series need a timestamp, a date or an integer.",
                    Map.of("column", time.name(), "type", time.type()));
        }
        return new SeriesTable(table, columns, time, timescale);
    }

    /** Returns the kind of the time. */
    TimeKind kind() {
        return TimeKind.of(time);
    }

    /** Returns a column of the table. */
    TableColumn column(String name) {
        return Catalog.column(table, columns, name);
    }

    private static TableColumn defaultTime(Session session, Table table, List<TableColumn> columns, boolean timescale)
            throws SQLException {
        if (timescale) {
            Optional<Hypertable> hypertable = new Hypertables(session).find(table);
            if (hypertable.isPresent() && !hypertable.get().isAggregate()) {
                return Catalog.column(table, columns, hypertable.get().timeColumn());
            }
        }
        List<TableColumn> candidates = columns.stream().filter(TimeKind::isTime).toList();
        return candidates.stream()
                .filter(column -> column.name().equals("time") || candidates.size() == 1)
                .findFirst()
                .orElseThrow(() -> new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        candidates.isEmpty()
                                ? "'" + table.fullName()
                                        + "' does not have a column of type timestamp or date, so it is not a time series."
                                        + " If its time is an integer, pass timeColumn."
                                : "Which is the time of '" + table.fullName() + "'? Pass timeColumn: "
                                        + String.join(
                                                ", ",
                                                candidates.stream()
                                                        .map(TableColumn::name)
                                                        .toList())
                                        + ".",
                        Map.of(
                                "table",
                                table.fullName(),
                                "candidates",
                                candidates.stream().map(TableColumn::name).toList())));
    }
}
