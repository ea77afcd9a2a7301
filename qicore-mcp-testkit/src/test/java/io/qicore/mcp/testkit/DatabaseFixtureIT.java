package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Uses the database fixture in the way an application's tests do. */
final class DatabaseFixtureIT {

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void startPostgres() {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @Test
    void fetch_readsWhatExecuteHasWritten() throws SQLException {
        try (DatabaseFixture database = DatabaseFixture.on(postgres)) {
            database.execute(
                    "CREATE TABLE candles (symbol text, close float8)", "INSERT INTO candles VALUES ('BTC', 1.5)");

            assertThat(database.fetch("SELECT close FROM candles")).isEqualTo("1.5");
            assertThat(database.fetch("SELECT NULL")).isNull();
            assertThat(database.fetch("SELECT close FROM candles WHERE symbol = 'ETH'"))
                    .isNull();
        }
    }

    @Test
    void execute_keepsTheStatementsBeforeAFailingOne() throws SQLException {
        try (DatabaseFixture database = DatabaseFixture.on(postgres)) {
            assertThatThrownBy(() -> database.execute("CREATE TABLE candles (symbol text)", "SELECT 1 / 0"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("division by zero");

            assertThat(database.fetch("SELECT count(*) FROM candles")).isEqualTo("0");
        }
    }

    @Test
    void jdbcUrlAndDataSource_connectToTheDatabaseOfTheFixture() throws SQLException {
        try (DatabaseFixture database = DatabaseFixture.on(postgres);
                Connection byUrl =
                        DriverManager.getConnection(database.jdbcUrl(), postgres.username(), postgres.password());
                Connection bySource = database.dataSource().getConnection()) {
            assertThat(byUrl.getCatalog()).isEqualTo(database.name());
            assertThat(bySource.getCatalog()).isEqualTo(database.name());
            assertThat(database.postgres()).isSameAs(postgres);
        }
    }

    @Test
    void twoFixtures_doNotShareTables() throws SQLException {
        try (DatabaseFixture first = DatabaseFixture.on(postgres);
                DatabaseFixture second = DatabaseFixture.on(postgres)) {
            first.execute("CREATE TABLE candles (symbol text)");

            assertThat(second.name()).isNotEqualTo(first.name());
            assertThat(second.fetch("SELECT to_regclass('candles')")).isNull();
        }
    }

    @Test
    void close_dropsTheDatabase_evenWithAnOpenConnection() throws SQLException {
        DatabaseFixture database = DatabaseFixture.on(postgres);
        try (Connection open = database.dataSource().getConnection()) {
            database.close();
            database.close();

            assertThat(open.isValid(5)).isFalse();
        }
        try (DatabaseFixture other = DatabaseFixture.on(postgres)) {
            assertThat(other.fetch("SELECT 1 FROM pg_database WHERE datname = '" + database.name() + "'"))
                    .isNull();
        }
    }
}
