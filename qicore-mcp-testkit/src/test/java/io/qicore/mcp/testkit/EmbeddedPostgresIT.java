package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EmbeddedPostgresIT {

    @Test
    void servesClientsAndLeavesNothingBehind() throws Exception {
        Leftovers leftovers = Leftovers.record();
        Postmaster postmaster;
        String url;

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            url = postgres.jdbcUrl();
            postmaster = postgres.postmaster().orElseThrow();
            assertThat(postmaster.isRunning()).isTrue();
            try (Connection connection = DriverManager.getConnection(url, postgres.username(), postgres.password());
                    Statement statement = connection.createStatement()) {
                assertThat(ask(statement, "SELECT version()")).startsWith("PostgreSQL 17");
                assertThat(ask(statement, "SELECT upper('é')")).isEqualTo("É");
                statement.execute("CREATE TABLE candles (symbol text, close float8)");
                statement.execute("INSERT INTO candles VALUES ('BTC', 1.5)");
                assertThat(ask(statement, "SELECT close FROM candles")).isEqualTo("1.5");
            }
        }

        assertThat(postmaster.isRunning()).isFalse();
        assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", ""))
                .isInstanceOf(SQLException.class);
        leftovers.assertNone();
    }

    @Test
    void stopsAlthoughAClientIsConnected() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Postmaster postmaster = postgres.postmaster().orElseThrow();

        try (Connection connection = postgres.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("CREATE TABLE unfinished (id int)");
            postgres.close();
            postgres.close();
            assertThat(postmaster.isRunning()).isFalse();
            assertThat(postgres.postmaster()).isEmpty();
            assertThat(connection.isValid(1)).isFalse();
        }
    }

    @Test
    void runsTwiceAtTheSameTimeWithOwnSettings() throws Exception {
        try (EmbeddedPostgres one =
                        EmbeddedPostgres.builder().setting("work_mem", "5MB").start();
                EmbeddedPostgres two = EmbeddedPostgres.start();
                Connection connection = one.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(one.port()).isNotEqualTo(two.port());
            assertThat(ask(statement, "SHOW work_mem")).isEqualTo("5MB");
        }
    }

    @Test
    void leavesNothingBehindWhenItDoesNotStart() {
        Leftovers leftovers = Leftovers.record();

        assertThatThrownBy(() -> EmbeddedPostgres.builder()
                        .setting("no_such_setting", "1")
                        .startTimeout(Duration.ofSeconds(2))
                        .start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The embedded PostgreSQL did not start");

        leftovers.assertNone();
    }

    private static String ask(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }
}
