package io.qicore.mcp.timescale.access;

import io.qicore.mcp.host.Settings;
import io.qicore.mcp.timescale.internal.url.ConnectionUrl;
import org.jspecify.annotations.Nullable;

/**
 * The address of a database, the credentials, and the number of connections that a server may hold. Immutable and
 * thread-safe. {@link #toString()} shows neither credentials nor parameters of the URL.
 *
 * @param url {@code jdbc:postgresql://host:port/database} or {@code postgresql://…}, with any parameter of the
 *     PostgreSQL JDBC driver, such as {@code sslmode=verify-full}
 * @param user the database user, or null to use that of the URL
 * @param password the password, or null to use that of the URL, or none
 * @param poolSize the largest number of connections at a time, from 1 to {@value #MAX_POOL_SIZE}
 * @see <a href="https://jdbc.postgresql.org/documentation/use/">PostgreSQL JDBC driver, Initializing the Driver</a>
 */
public record TimescaleConnection(
        String url, @Nullable String user, @Nullable String password, int poolSize) {

    /** The default of {@link #poolSize()}: 4 connections. */
    public static final int DEFAULT_POOL_SIZE = 4;

    /** The largest {@link #poolSize()}: 100 connections. */
    public static final int MAX_POOL_SIZE = 100;

    /**
     * Creates a connection.
     *
     * @throws IllegalArgumentException if one of them is not valid; the message does not show the URL
     */
    public TimescaleConnection {
        ConnectionUrl.parse(url);
        if (poolSize < 1 || poolSize > MAX_POOL_SIZE) {
            throw new IllegalArgumentException(
                    "poolSize must be between 1 and " + MAX_POOL_SIZE + ", not " + poolSize + ".");
        }
    }

    /** Creates a connection with a {@link #poolSize()} of {@value #DEFAULT_POOL_SIZE}. */
    public TimescaleConnection(String url, @Nullable String user, @Nullable String password) {
        this(url, user, password, DEFAULT_POOL_SIZE);
    }

    /**
     * Reads a connection from settings.
     *
     * @param settings read with {@link TimescaleSettings#table()}, or with a table that includes it
     */
    public static TimescaleConnection from(Settings settings) {
        return new TimescaleConnection(
                settings.get(TimescaleSettings.URL),
                settings.find(TimescaleSettings.USER).orElse(null),
                settings.find(TimescaleSettings.PASSWORD).orElse(null),
                settings.get(TimescaleSettings.POOL_SIZE));
    }

    @Override
    public String toString() {
        return "TimescaleConnection[" + ConnectionUrl.parse(url).address() + ", " + poolSize + " connections]";
    }
}
