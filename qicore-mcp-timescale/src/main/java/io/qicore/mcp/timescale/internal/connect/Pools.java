package io.qicore.mcp.timescale.internal.connect;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.internal.url.ConnectionUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** Creates connection pools. */
public final class Pools {

    /** The connection timeout: well below the deadline of a call, so that a database that is down is a typed error. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(3);

    /** The socket timeout outside calls. Each call sets its own. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    private static final String APPLICATION_NAME = "qicore-mcp-timescale";

    private Pools() {}

    /** How many statements may run at once that take longer than other calls. */
    public static final int LONG_STATEMENTS = 2;

    /** Opens a pool without waiting for the database. The pool connects at the first request. */
    public static HikariDataSource open(TimescaleConnection connection) {
        return open(connection, APPLICATION_NAME, connection.poolSize(), 1);
    }

    /** Opens a pool for long statements. It holds no connection while there are none. */
    public static HikariDataSource openForLong(TimescaleConnection connection) {
        return open(connection, APPLICATION_NAME + "-long", LONG_STATEMENTS, 0);
    }

    private static HikariDataSource open(TimescaleConnection connection, String name, int size, int idle) {
        HikariConfig config = new HikariConfig();
        // A data source instead of a URL: Hikari logs its configuration, and a URL may hold credentials.
        config.setDataSource(dataSource(connection));
        config.setPoolName(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(idle);
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        config.setValidationTimeout(CONNECTION_TIMEOUT.toMillis() - 1000);
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverride(new KeepAfterUnsupported());
        return new ProbingPool(config);
    }

    /**
     * Fails early while the pool has no connection: the pool waits for its whole timeout even if the database refuses
     * the password at once, but a single attempt reports it immediately.
     */
    private static final class ProbingPool extends HikariDataSource {

        ProbingPool(HikariConfig config) {
            super(config);
        }

        @Override
        public Connection getConnection() throws SQLException {
            HikariPoolMXBean pool = getHikariPoolMXBean();
            DataSource source = getDataSource();
            if (pool != null && source != null && pool.getTotalConnections() == 0) {
                source.getConnection().close();
            }
            return super.getConnection();
        }
    }

    /** Keeps connections after "feature not supported", which Hikari takes for a broken connection. */
    private static final class KeepAfterUnsupported implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException failure) {
            return "0A000".equals(failure.getSQLState()) ? Override.DO_NOT_EVICT : Override.CONTINUE_EVICT;
        }
    }

    static PGSimpleDataSource dataSource(TimescaleConnection connection) {
        Properties defaults = new Properties();
        PGProperty.APPLICATION_NAME.set(defaults, APPLICATION_NAME);
        PGProperty.CONNECT_TIMEOUT.set(defaults, String.valueOf(CONNECTION_TIMEOUT.toSeconds()));
        PGProperty.LOGIN_TIMEOUT.set(defaults, String.valueOf(CONNECTION_TIMEOUT.toSeconds()));
        PGProperty.SOCKET_TIMEOUT.set(defaults, String.valueOf(SOCKET_TIMEOUT.toSeconds()));
        PGProperty.TCP_KEEP_ALIVE.set(defaults, "true");
        // Named statements do not survive a pooler in transaction mode, and all statements here are short.
        PGProperty.PREPARE_THRESHOLD.set(defaults, "0");
        // DETAIL quotes rows, which would end up in logs with the exception.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(defaults, "false");
        Properties properties = ConnectionUrl.parse(connection.url()).properties(defaults);
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        for (String name : properties.stringPropertyNames()) {
            PGProperty property = PGProperty.forName(name);
            if (property != null) {
                dataSource.setProperty(property, properties.getProperty(name));
            }
        }
        if (connection.user() != null) {
            dataSource.setUser(connection.user());
        }
        if (connection.password() != null) {
            dataSource.setPassword(connection.password());
        }
        return dataSource;
    }
}
