package io.qicore.mcp.timescale.internal.catalog;

/** What kind of relation a table is, as agents read it. */
public final class TableType {

    public static final String HYPERTABLE = "hypertable";
    public static final String CONTINUOUS_AGGREGATE = "continuous aggregate";

    private TableType() {}

    /** The kind by {@code pg_class.relkind}. */
    public static String of(char relkind) {
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
