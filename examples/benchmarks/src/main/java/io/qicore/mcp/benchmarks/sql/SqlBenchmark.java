package io.qicore.mcp.benchmarks.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.testkit.EmbeddedPostgres;
import io.qicore.mcp.timescale.TimescaleMCPServer;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Compares {@code query} with plain JDBC on the same database, each on one session. A call of {@code query} is measured in
 * process, from the bytes of the request to the bytes of the answer. Rounds alternate, so that other load on the machine
 * affects all of them. A ratio is the median of the ratios of the rounds.
 *
 * <p>The targets apply to the processor time of this JVM and the session of the database together, and to the latency, each
 * as ratio to {@link PlainJdbc#careful}: a read-only transaction with a timeout, and the rows as JSON. Ratios to {@link
 * PlainJdbc#written}, which has the rows twice as the answer to an agent does, and to {@link PlainJdbc#bare}, a statement
 * without a transaction, are printed without a target.
 */
public final class SqlBenchmark {

    private static final String THOUSAND = "SELECT time, symbol, close FROM prices ORDER BY time";
    private static final double TARGET_ONE = 1.5;
    private static final double TARGET_FIRST = 2.5;
    private static final double TARGET_THOUSAND = 1.3;
    private static final double TARGET_BYTES = 0.6;
    /** Long enough for the compiler of the JVM, whose time would count as that of the calls. */
    private static final Duration WARM_UP = Duration.ofSeconds(40);

    private static final int ROUNDS = 31;
    private static final String APPLICATION = "careful-jdbc";

    /** The last result, kept so that the JVM does not optimize the calls away. */
    private volatile Object last = "";

    private final HikariDataSource source;
    private final TimescaleMCPServer server;
    private boolean passed = true;

    private interface Call {
        Object run() throws Exception;
    }

    /** One way to run a statement, and what it takes. */
    private record Contender(Call call, ProcessorTime processor, double[] latency, double[] work) {
        Contender(Call call, ProcessorTime processor) {
            this(call, processor, new double[ROUNDS], new double[ROUNDS]);
        }
    }

    private SqlBenchmark(HikariDataSource source, TimescaleMCPServer server) {
        this.source = source;
        this.server = server;
    }

    /** Runs the benchmark. Takes no arguments. The exit code is 1 if a target is missed. */
    public static void main(String[] arguments) throws Exception {
        boolean passed;
        try (EmbeddedPostgres postgres =
                        EmbeddedPostgres.builder().setting("fsync", "off").start();
                HikariDataSource source = pool(postgres);
                TimescaleMCPServer server = new TimescaleMCPServer(
                        new TimescaleConnection(postgres.jdbcUrl(), postgres.username(), postgres.password(), 1),
                        TimescaleOptions.builder()
                                .policy(TimescalePolicy.builder().readOnly(true).build())
                                .build())) {
            fill(postgres);
            server.initialize();
            SqlBenchmark benchmark = new SqlBenchmark(source, server);
            AtomicLong number = new AtomicLong();
            benchmark.compare("sql-select-1", () -> "SELECT 1", 200, TARGET_ONE);
            benchmark.compare("sql-first-sight", () -> "SELECT " + number.incrementAndGet(), 200, TARGET_FIRST);
            benchmark.compare("sql-1000-rows", () -> THOUSAND, 20, TARGET_THOUSAND);
            benchmark.compareBytes();
            passed = benchmark.passed;
        }
        System.exit(passed ? 0 : 1);
    }

    private static HikariDataSource pool(EmbeddedPostgres postgres) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.username());
        config.setPassword(postgres.password());
        config.addDataSourceProperty("ApplicationName", APPLICATION);
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    private static void fill(EmbeddedPostgres postgres) throws Exception {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE prices (time timestamptz NOT NULL, symbol text NOT NULL,"
                    + " close numeric(20,8) NOT NULL)");
            statement.execute("INSERT INTO prices SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 minute',"
                    + " 'BTC-USD', 50000 + i % 977 * 1.37 FROM generate_series(1, 1000) i");
            statement.execute("ANALYZE prices");
        }
    }

    private void compare(String name, Supplier<String> sql, int calls, double target) throws Exception {
        new QueryCall(server, "SELECT 1").run();
        ProcessorTime own = processor("qicore-mcp-timescale");
        ProcessorTime plain = processor(APPLICATION);
        List<Contender> contenders = List.of(
                new Contender(() -> new QueryCall(server, sql.get()).run(), own),
                new Contender(() -> PlainJdbc.careful(source, sql.get()), plain),
                new Contender(() -> PlainJdbc.written(source, sql.get()), plain),
                new Contender(() -> PlainJdbc.bare(source, sql.get()), plain));
        long end = System.nanoTime() + WARM_UP.toNanos();
        while (System.nanoTime() < end) {
            for (Contender contender : contenders) {
                last = contender.call().run();
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Contender contender : contenders) {
                measure(contender, round, calls);
            }
        }
        Contender query = contenders.get(0);
        Contender careful = contenders.get(1);
        System.out.printf(
                "%s: query %.0f us of processor time and %.0f us of latency, careful JDBC %.0f and %.0f (medians)%n",
                name, median(query.work()), median(query.latency()), median(careful.work()), median(careful.latency()));
        System.out.printf(
                "%s-vs-json-twice: ratio = %.2f%n",
                name, ratio(query.work(), contenders.get(2).work()));
        System.out.printf(
                "%s-vs-bare: ratio = %.2f%n",
                name, ratio(query.work(), contenders.get(3).work()));
        report(name, ratio(query.work(), careful.work()), target);
        report(name + "-latency", ratio(query.latency(), careful.latency()), target);
    }

    private void measure(Contender contender, int round, int calls) throws Exception {
        long work = contender.processor().nanos();
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            last = contender.call().run();
        }
        contender.latency()[round] = (System.nanoTime() - start) / 1000.0 / calls;
        contender.work()[round] = (contender.processor().nanos() - work) / 1000.0 / calls;
    }

    private ProcessorTime processor(String application) throws SQLException {
        return ProcessorTime.of(source, application);
    }

    /** Compares the size of the answer with that of one object for each row, as PostgreSQL writes it. */
    private void compareBytes() throws Exception {
        JsonMapper mapper = JsonMapper.builder().build();
        JsonNode answer = mapper.readTree(new QueryCall(server, THOUSAND).run()).at("/result/structuredContent");
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet objects = statement.executeQuery(
                        "SELECT sum(octet_length(row_to_json(p)::text) + 1) + 1 FROM (" + THOUSAND + ") AS p")) {
            objects.next();
            report(
                    "sql-1000-rows-bytes",
                    (double) mapper.writeValueAsBytes(answer).length / objects.getInt(1),
                    TARGET_BYTES);
        }
    }

    private void report(String name, double ratio, double target) {
        boolean met = ratio <= target;
        passed &= met;
        System.out.printf("%s: ratio = %.2f (target <= %.1f%s)%n", name, ratio, target, met ? "" : ", MISSED");
    }

    private static double ratio(double[] ours, double[] theirs) {
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ratios[round] = ours[round] / theirs[round];
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
