package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.fixture.LimitedCaller;
import io.qicore.mcp.fixture.LimitedCaller.ToolCall;
import io.qicore.mcp.fixture.RealTimescale;
import io.qicore.mcp.fixture.TimescaleWorld;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Limits of callers on hypertables, continuous aggregates, policies and jobs. */
@EnabledIf("io.qicore.mcp.fixture.RealTimescale#isThere")
class RealCallerSchemasIT {

    private static final String SECRET = "b-secret";
    private static final Caller LIMITED =
            Caller.of("narrow").withLimits(Map.of(Caller.SCHEMAS, NamePatterns.of("schemas", List.of("a"))));
    private static final Caller UNLIMITED = Caller.of("wide");

    private static final List<ToolCall> READING = List.of(
            new ToolCall("list_schemas", Map.of()),
            new ToolCall("list_tables", Map.of()),
            new ToolCall("list_hypertables", Map.of()),
            new ToolCall("list_policies", Map.of()),
            new ToolCall("list_jobs", Map.of()),
            new ToolCall("get_health", Map.of()),
            new ToolCall("describe_table", Map.of("table", "a.ticks")),
            new ToolCall("describe_table", Map.of("table", "a.of_secret")),
            new ToolCall("describe_hypertable", Map.of("table", "a.ticks")),
            new ToolCall("describe_hypertable", Map.of("table", "a.of_secret")),
            new ToolCall("list_chunks", Map.of("table", "a.ticks")),
            new ToolCall("drop_chunks", Map.of("table", "a.ticks", "olderThan", "1d", "dryRun", true)),
            new ToolCall("explain_query", Map.of("sql", "SELECT * FROM a.through", "fullPlan", true)),
            new ToolCall("explain_query", Map.of("sql", "SELECT * FROM a.of_secret", "analyze", true)));

    private static RealTimescale world;

    @BeforeAll
    static void prepare() throws Exception {
        clean();
        RealTimescale.execute("CREATE SCHEMA a", "CREATE SCHEMA \"b-secret\"", "CREATE TABLE public.beside (x int)");
        for (String schema : List.of("a", "\"b-secret\"")) {
            RealTimescale.execute(
                    "CREATE TABLE " + schema + ".ticks (time timestamptz NOT NULL, price float8)",
                    "SELECT public.create_hypertable('" + schema + ".ticks', 'time')",
                    "INSERT INTO " + schema + ".ticks VALUES ('2026-01-01', 1), ('2026-02-01', 2)",
                    "SELECT public.add_retention_policy('" + schema + ".ticks', INTERVAL '10 years')");
        }
        RealTimescale.execute(
                "CREATE MATERIALIZED VIEW a.of_secret WITH (timescaledb.continuous) AS SELECT public.time_bucket('1 day', time)"
                        + " AS day, max(price) AS secret_column FROM \"b-secret\".ticks GROUP BY 1 WITH NO DATA",
                "CREATE MATERIALIZED VIEW a.of_a WITH (timescaledb.continuous) AS SELECT public.time_bucket('1 day', time)"
                        + " AS day, max(price) FROM a.ticks GROUP BY 1 WITH NO DATA",
                "CREATE VIEW a.through AS SELECT * FROM \"b-secret\".ticks");
        RealTimescale.execute("CREATE MATERIALIZED VIEW \"b-secret\".of_a WITH (timescaledb.continuous) AS SELECT"
                + " public.time_bucket('1 day', time) AS day, max(price) FROM a.ticks GROUP BY 1 WITH NO DATA");
        world = RealTimescale.connect(TimescaleWorld.OPTIONS);
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
        clean();
    }

    private static void clean() throws Exception {
        RealTimescale.execute(
                "DROP SCHEMA IF EXISTS a CASCADE",
                "DROP SCHEMA IF EXISTS \"b-secret\" CASCADE",
                "DROP TABLE IF EXISTS public.beside");
    }

    @Test
    void hiddenSchema_isInNoAnswer() throws Exception {
        LimitedCaller limited = world.as(LIMITED);
        LimitedCaller unlimited = world.as(UNLIMITED);
        int telling = 0;
        for (ToolCall call : READING) {
            assertThat(limited.send(call)).as(call.toString()).doesNotContain(SECRET, "\"isError\":true");
            telling += unlimited.send(call).contains(SECRET) ? 1 : 0;
        }
        assertThat(telling).isGreaterThanOrEqualTo(8);
        assertThat(limited.send(new ToolCall("list_policies", Map.of()))).contains("a.ticks");
        // A function of the extension beside hidden tables hides nothing else.
        assertThat(limited.send(new ToolCall("describe_table", Map.of("table", "a.of_a"))))
                .contains("time_bucket", "a.ticks");
    }

    @Test
    void functionsOfTheExtension_areAllowed_andThoseAboutTablesAreNot() throws Exception {
        LimitedCaller limited = world.as(LIMITED);
        assertThat(limited.send(query(
                        "SELECT public.time_bucket('1 day', time), public.last(price, time) FROM a.ticks GROUP BY 1")))
                .contains("\"rowCount\":2");
        for (String sql : List.of(
                "SELECT public.hypertable_size('\"b-secret\".ticks')",
                "SELECT public.approximate_row_count('\"b-secret\".ticks')",
                "SELECT public.show_chunks('\"b-secret\".ticks')",
                "SELECT * FROM timescaledb_information.hypertables",
                "SELECT * FROM _timescaledb_catalog.hypertable",
                "SELECT * FROM _timescaledb_internal._hyper_1_1_chunk",
                "SELECT * FROM public.beside",
                "SELECT * FROM beside",
                "SELECT secret_column FROM \"b-secret\".ticks")) {
            assertThat(limited.send(query(sql))).as(sql).contains("\"isError\":true");
        }
    }

    @Test
    void jobOfAHiddenTable_cannotBeRun() throws Exception {
        int job = world.call(
                        "query",
                        Map.of(
                                "sql",
                                "SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_schema = 'b-secret'"
                                        + " AND proc_name = 'policy_retention'"))
                .at("/rows/0/0")
                .intValue();
        assertThat(job).isPositive();
        assertThat(world.as(LIMITED).send(new ToolCall("run_job", Map.of("jobId", job, "dryRun", true))))
                .contains("JOB_NOT_FOUND");
    }

    private static ToolCall query(String sql) {
        return new ToolCall("query", Map.of("sql", sql));
    }
}
