package io.qicore.mcp.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A new, empty database for a test. Many tests may share one server: creating a database takes milliseconds, starting a
 * server takes seconds.
 *
 * <pre>{@code
 * try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
 *         DatabaseFixture database = DatabaseFixture.on(postgres)) {
 *     database.execute("CREATE TABLE candles (symbol text, close float8)");
 *     // … the code under test writes to database.jdbcUrl() …
 *     assertEquals("1", database.fetch("SELECT count(*) FROM candles"));
 * }
 * }</pre>
 *
 * <p>Tables, schemas, functions and extensions belong to the database and are dropped with it. Roles belong to the server and stay.
 *
 * <p>Thread-safe.
 */
public final class DatabaseFixture implements AutoCloseable {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final EmbeddedPostgres postgres;
    private final String name;

    private DatabaseFixture(EmbeddedPostgres postgres, String name) {
        this.postgres = postgres;
        this.name = name;
    }

    /**
     * Creates a database with a unique name.
     *
     * @param postgres the server, which stays open when the fixture is closed
     * @throws IllegalStateException when the server cannot create the database
     */
    public static DatabaseFixture on(EmbeddedPostgres postgres) {
        String name = "test_" + DATABASES.incrementAndGet();
        administer(postgres, "CREATE DATABASE " + name);
        return new DatabaseFixture(postgres, name);
    }

    private static void administer(EmbeddedPostgres postgres, String sql) {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not run " + sql + ": " + e.getMessage(), e);
        }
    }

    /** Returns the server. */
    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /** Returns the name of the database. */
    public String name() {
        return name;
    }

    /** Returns the JDBC URL of the database, without user and password; use those of the server. */
    public String jdbcUrl() {
        String url = postgres.jdbcUrl();
        return url.substring(0, url.lastIndexOf('/') + 1) + name;
    }

    /** Returns a data source that opens unpooled connections to the database as the superuser. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl());
        source.setUser(postgres.username());
        source.setPassword(postgres.password());
        return source;
    }

    /** Runs statements in order as the superuser, each in its own transaction. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Returns the first column of the first row of a query as text.
     *
     * @return null if that value is NULL or there are no rows
     */
    public @Nullable String fetch(String sql) throws SQLException {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getString(1) : null;
        }
    }

    /** Drops the database and closes all connections to it. Further calls do nothing. */
    @Override
    public void close() {
        administer(postgres, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
}
