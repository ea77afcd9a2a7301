package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statement that adds or removes a policy, for the version of the server: functions until 2.17, and procedures
 * with other names for the columnstore from 2.18.
 *
 * @param text the statement
 * @param arguments a value for each {@code ?}
 */
record PolicySql(String text, List<Object> arguments) {

    static final String COLUMNSTORE = "columnstore";
    static final String RETENTION = "retention";
    static final String REFRESH = "refresh";

    /** Returns the statement for a policy that moves or drops chunks of an age. */
    static PolicySql addByAge(
            TimescaleExtension timescale, String type, String relation, TimeBound after, @Nullable String schedule) {
        boolean procedure = type.equals(COLUMNSTORE) && timescale.hasColumnstoreNames();
        String name = type.equals(RETENTION)
                ? "add_retention_policy"
                : procedure ? "add_columnstore_policy" : "add_compression_policy";
        String argument = type.equals(RETENTION) ? "drop_after" : procedure ? "after" : "compress_after";
        List<Object> arguments = new ArrayList<>(List.of(relation, after.argument()));
        String call = timescale.function(name) + "(CAST(? AS regclass), " + argument + " => " + after.sql()
                + schedule(schedule, arguments) + ")";
        return new PolicySql((procedure ? "CALL " : "SELECT ") + call, List.copyOf(arguments));
    }

    /** Returns the statement for a policy that refreshes a continuous aggregate; a null bound means no bound. */
    static PolicySql addRefresh(
            TimescaleExtension timescale,
            String relation,
            @Nullable TimeBound start,
            @Nullable TimeBound end,
            String schedule) {
        List<Object> arguments = new ArrayList<>(List.of(relation));
        String text = "SELECT " + timescale.function("add_continuous_aggregate_policy") + "(CAST(? AS regclass), "
                + "start_offset => " + bound(start, arguments) + ", end_offset => " + bound(end, arguments)
                + schedule(schedule, arguments) + ")";
        return new PolicySql(text, List.copyOf(arguments));
    }

    /** Returns the statement that removes the policy of a type. */
    static PolicySql remove(TimescaleExtension timescale, String type, String relation) {
        boolean procedure = type.equals(COLUMNSTORE) && timescale.hasColumnstoreNames();
        String name =
                switch (type) {
                    case RETENTION -> "remove_retention_policy";
                    case REFRESH -> "remove_continuous_aggregate_policy";
                    default -> procedure ? "remove_columnstore_policy" : "remove_compression_policy";
                };
        return new PolicySql(
                (procedure ? "CALL " : "SELECT ") + timescale.function(name) + "(CAST(? AS regclass))",
                List.of(relation));
    }

    private static String bound(@Nullable TimeBound bound, List<Object> arguments) {
        if (bound == null) {
            return "CAST(NULL AS interval)";
        }
        arguments.add(bound.argument());
        return bound.sql();
    }

    private static String schedule(@Nullable String schedule, List<Object> arguments) {
        if (schedule == null) {
            return "";
        }
        arguments.add(schedule);
        return ", schedule_interval => CAST(? AS interval)";
    }
}
