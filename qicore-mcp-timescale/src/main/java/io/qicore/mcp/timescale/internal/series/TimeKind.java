package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import java.util.regex.Pattern;

/** The kinds of columns that can be the time of a series. */
enum TimeKind {
    /** {@code timestamp with time zone}. */
    INSTANT("timestamptz"),
    /** {@code timestamp without time zone}, taken as UTC. */
    LOCAL("timestamp"),
    /** {@code date}, which has no zone: its days are those of UTC whatever the zone of the call is. */
    DATE("date"),
    /** An integer in a unit that only the application knows, as in a hypertable with an integer dimension. */
    INTEGER("int8");

    private static final String DATES_AND_TIMES = "D";
    private static final Pattern TIME_OF_DAY = Pattern.compile("time[ (].*");

    private final String type;

    TimeKind(String type) {
        this.type = type;
    }

    /** Returns whether a column is a timestamp or a date. */
    static boolean isTime(TableColumn column) {
        return column.category().equals(DATES_AND_TIMES)
                && !TIME_OF_DAY.matcher(column.type()).matches();
    }

    /** Returns whether a column is an integer. */
    static boolean isInteger(TableColumn column) {
        return switch (column.type()) {
            case "smallint", "integer", "bigint" -> true;
            default -> false;
        };
    }

    /** Returns the kind of a column that is a time or an integer. */
    static TimeKind of(TableColumn column) {
        if (isInteger(column)) {
            return INTEGER;
        }
        if (column.type().equals("date")) {
            return DATE;
        }
        return column.type().startsWith("timestamp") && column.type().endsWith("without time zone") ? LOCAL : INSTANT;
    }

    /** Returns a type with a time zone, or an integer type, with which the column can be compared. */
    String boundType() {
        return "pg_catalog." + (this == INTEGER ? type : INSTANT.type);
    }

    /** Returns the condition that a value is a time, and neither NULL nor an infinity. An index can serve it. */
    String present(String column) {
        return this == INTEGER
                ? column + " IS NOT NULL"
                : column + " > CAST('-infinity' AS pg_catalog." + type + ") AND " + column
                        + " < CAST('infinity' AS pg_catalog." + type + ")";
    }

    /** Returns the instant of a column, or the integer. */
    String value(String column) {
        return "CAST(" + column + " AS " + boundType() + ")";
    }
}
