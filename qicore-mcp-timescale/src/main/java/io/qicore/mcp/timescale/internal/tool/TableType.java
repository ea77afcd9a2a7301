package io.qicore.mcp.timescale.internal.tool;

/** What kind of relation a table is, as agents read it. */
final class TableType {

    static final String HYPERTABLE = "hypertable";
    static final String CONTINUOUS_AGGREGATE = "continuous aggregate";

    private TableType() {}

    /** The kind by {@code pg_class.relkind}. */
    static String of(char relkind) {
        return switch (relkind) {
            case 'r' -> "table";
            case 'p' -> "partitioned table";
            case 'v' -> "view";
            case 'm' -> "materialized view";
            case 'f' -> "foreign table";
            default -> throw new IllegalArgumentException("relkind " + relkind);
        };
    }
}
