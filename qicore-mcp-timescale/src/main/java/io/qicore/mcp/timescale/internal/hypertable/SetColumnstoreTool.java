package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.HypertableFacts;
import io.qicore.mcp.timescale.internal.catalog.Hypertables;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code set_columnstore}: configures the columnstore of a hypertable, which versions before 2.18 call compression. */
public final class SetColumnstoreTool {

    private static final Pattern ORDER = Pattern.compile("(.+?)(?:\\s+(asc|desc))?", Pattern.CASE_INSENSITIVE);

    private static final String COMPRESSED = "SELECT count(*) FROM timescaledb_information.chunks"
            + " WHERE hypertable_schema = ? AND hypertable_name = ? AND is_compressed";

    record Arguments(
            @Schema("Hypertable or continuous aggregate") String table,

            @Schema(value = "False disables it", defaultValue = "true")
            boolean enabled,

            @Schema("Columns to group rows by, such as symbol") @Nullable
            List<String> segmentBy,

            @Schema("Columns to sort by, such as time desc") @Nullable
            List<String> orderBy) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Hypertable, as schema.name") String table,
            @Schema("Whether it is enabled now") boolean enabled,

            @Schema("Settings of the columnstore; absent if it is disabled")
            HypertableFacts.@Nullable Columnstore columnstore) {}

    private final Database database;

    private SetColumnstoreTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("set_columnstore", Arguments.class, Result.class)
                .title("Set columnstore of a hypertable")
                .description("Enables or disables compression of chunks in the columnstore. When chunks are compressed "
                        + "is set with add_policy.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .handler(new SetColumnstoreTool(database)::set)
                .build();
    }

    private Result set(Arguments arguments, RequestContext context) {
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.COLUMNSTORE);
            Hypertables hypertables = new Hypertables(session);
            Hypertable hypertable = new Privileges(session).requireOwnedHypertable(arguments.table());
            List<TableColumn> columns = new Catalog(session).columns(hypertable.table());
            if (!arguments.enabled()) {
                requireNoneCompressed(session, hypertable);
            }
            String segmentBy = segmentBy(hypertable, columns, arguments.segmentBy());
            String orderBy = orderBy(hypertable, columns, arguments.orderBy());
            session.execute(sql(timescale, hypertable, arguments.enabled(), segmentBy, orderBy));
            Hypertable changed = hypertables.find(hypertable.table()).orElse(hypertable);
            return new Result(
                    true,
                    hypertable.table().fullName(),
                    changed.compressed(),
                    new HypertableFacts(session, timescale).columnstore(changed).orElse(null));
        });
    }

    /**
     * Returns the statement.
     *
     * @param segmentBy quoted columns, or null to leave it to the server
     * @param orderBy quoted columns with their direction, or null to leave it to the server
     */
    static String sql(
            TimescaleExtension timescale,
            Hypertable hypertable,
            boolean enabled,
            @Nullable String segmentBy,
            @Nullable String orderBy) {
        boolean named = timescale.hasColumnstoreNames();
        List<String> options = new ArrayList<>();
        options.add((named ? "timescaledb.enable_columnstore" : "timescaledb.compress") + " = " + enabled);
        if (enabled && segmentBy != null) {
            options.add((named ? "timescaledb.segmentby" : "timescaledb.compress_segmentby") + " = " + text(segmentBy));
        }
        if (enabled && orderBy != null) {
            options.add((named ? "timescaledb.orderby" : "timescaledb.compress_orderby") + " = " + text(orderBy));
        }
        return "ALTER " + (hypertable.isAggregate() ? "MATERIALIZED VIEW " : "TABLE ")
                + hypertable.table().sqlName() + " SET (" + String.join(", ", options) + ")";
    }

    private static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static void requireNoneCompressed(Session session, Hypertable hypertable) throws SQLException {
        long compressed = session.list(COMPRESSED, row -> row.getLong(1), hypertable.schema(), hypertable.name())
                .get(0);
        if (compressed > 0) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    compressed + " chunks of '" + hypertable.table().fullName() + "' are in the columnstore, so it"
                            + " cannot be disabled. Removing the columnstore policy keeps further chunks out.",
                    Map.of("compressedChunks", compressed));
        }
    }

    private static @Nullable String segmentBy(
            Hypertable hypertable, List<TableColumn> columns, @Nullable List<String> names) {
        return names == null || names.isEmpty()
                ? null
                : String.join(
                        ", ",
                        names.stream()
                                .map(name -> Catalog.column(hypertable.table(), columns, name)
                                        .sqlName())
                                .toList());
    }

    private static @Nullable String orderBy(
            Hypertable hypertable, List<TableColumn> columns, @Nullable List<String> items) {
        if (items == null || items.isEmpty()) {
            return null;
        }
        List<String> sql = new ArrayList<>();
        for (String item : items) {
            Matcher matcher = ORDER.matcher(item.strip());
            if (!matcher.matches()) {
                throw new MCPToolError(TimescaleErrorCode.COLUMN_NOT_FOUND, "orderBy has an item without a column.");
            }
            String direction = matcher.group(2);
            sql.add(Catalog.column(hypertable.table(), columns, matcher.group(1))
                            .sqlName()
                    + (direction == null ? "" : " " + direction.toUpperCase(Locale.ROOT)));
        }
        return String.join(", ", sql);
    }
}
