package io.qicore.mcp.benchmarks.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.testkit.EmbeddedPostgres;
import io.qicore.mcp.timescale.TimescaleMCPServer;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Compares {@code query} with plain JDBC on the same database. A call of {@code query} is measured in process, from the bytes
 * of the request to the bytes of the answer. Rounds alternate, so that other load on the machine affects all of them. A ratio
 * is the median of the ratios of the rounds.
 *
 * <p>The target applies to the ratio to {@link PlainJdbc#careful}, which has those guarantees of {@code query} that JDBC
 * offers and returns Java objects. Two other ratios are printed without a target: to {@link PlainJdbc#written}, which also
 * writes the rows as JSON, and to {@link PlainJdbc#bare}, a statement without a transaction.
 */
public final class SqlBenchmark {

    private static final String ONE = "SELECT 1";
    private static final String THOUSAND = "SELECT time, symbol, close FROM prices ORDER BY time";
    private static final double TARGET_ONE = 1.5;
    private static final double TARGET_THOUSAND = 1.2;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final int ROUNDS = 41;

    /** The last result, kept so that the JVM does not optimize the calls away. */
    private volatile Object last = "";

    private interface Call {
        Object run() throws Exception;
    }

    private SqlBenchmark() {}

    /** Runs the benchmark. Takes no arguments. The exit code is 1 if a target is missed. */
    public static void main(String[] arguments) throws Exception {
        boolean passed;
        try (EmbeddedPostgres postgres =
                        EmbeddedPostgres.builder().setting("fsync", "off").start();
                HikariDataSource source = pool(postgres);
                TimescaleMCPServer server = new TimescaleMCPServer(
                        new TimescaleConnection(postgres.jdbcUrl(), postgres.username(), postgres.password()),
                        TimescaleOptions.builder()
                                .policy(TimescalePolicy.builder().readOnly(true).build())
                                .build())) {
            fill(postgres);
            server.initialize();
            SqlBenchmark benchmark = new SqlBenchmark();
            passed = benchmark.compare("sql-select-1", source, server, ONE, 100, TARGET_ONE)
                    & benchmark.compare("sql-1000-rows", source, server, THOUSAND, 10, TARGET_THOUSAND);
        }
        System.exit(passed ? 0 : 1);
    }

    private static HikariDataSource pool(EmbeddedPostgres postgres) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.username());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(TimescaleConnection.DEFAULT_POOL_SIZE);
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

    private boolean compare(
            String name, HikariDataSource source, TimescaleMCPServer server, String sql, int calls, double target)
            throws Exception {
        QueryCall query = new QueryCall(server, sql);
        Call[] contenders = {
            query::run,
            () -> PlainJdbc.careful(source, sql),
            () -> PlainJdbc.written(source, sql),
            () -> PlainJdbc.bare(source, sql)
        };
        long end = System.nanoTime() + WARM_UP.toNanos();
        while (System.nanoTime() < end) {
            for (Call contender : contenders) {
                last = contender.run();
            }
        }
        double[][] micros = new double[contenders.length][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < contenders.length; i++) {
                micros[i][round] = micros(contenders[i], calls);
            }
        }
        System.out.printf(
                "%s: query %.0f us, plain JDBC %.0f us, with JSON %.0f us, bare statement %.0f us (medians)%n",
                name,
                median(r -> micros[0][r]),
                median(r -> micros[1][r]),
                median(r -> micros[2][r]),
                median(r -> micros[3][r]));
        System.out.printf("%s-vs-json: ratio = %.2f%n", name, median(r -> micros[0][r] / micros[2][r]));
        System.out.printf("%s-vs-bare: ratio = %.2f%n", name, median(r -> micros[0][r] / micros[3][r]));
        double ratio = median(r -> micros[0][r] / micros[1][r]);
        boolean met = ratio <= target;
        System.out.printf("%s: ratio = %.2f (target <= %.1f%s)%n", name, ratio, target, met ? "" : ", MISSED");
        return met;
    }

    private double micros(Call call, int calls) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            last = call.run();
        }
        return (System.nanoTime() - start) / 1000.0 / calls;
    }

    private static double median(IntToDoubleFunction value) {
        double[] sorted = IntStream.range(0, ROUNDS).mapToDouble(value).toArray();
        Arrays.sort(sorted);
        return sorted[ROUNDS / 2];
    }
}
