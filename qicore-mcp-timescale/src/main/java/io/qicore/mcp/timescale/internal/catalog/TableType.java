package io.qicore.mcp.timescale.internal.catalog;

/** The kinds of relations, as agents see them. */
public final class TableType {

    public static final String HYPERTABLE = "hypertable";
    public static final String CONTINUOUS_AGGREGATE = "continuous aggregate";

    private TableType() {}

    /** Returns the kind for a value of {@code pg_class.relkind}. */
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
