package io.qicore.mcp.timescale.access;

import io.qicore.mcp.timescale.internal.url.ConnectionUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, who logs in and how many connections a server may hold. Immutable; {@link #toString()} shows no
 * credentials and no parameter of the URL.
 *
 * @param url {@code jdbc:postgresql://host:port/database} or {@code postgresql://…}, with any parameter of the
 *     PostgreSQL JDBC driver, such as {@code sslmode=verify-full}
 * @param user the user, or null to take it from the URL
 * @param password the password, or null to take it from the URL or to need none
 * @param poolSize most connections at a time
 * @see <a href="https://jdbc.postgresql.org/documentation/use/">PostgreSQL JDBC driver, Initializing the Driver</a>
 */
public record TimescaleConnection(
        String url, @Nullable String user, @Nullable String password, int poolSize) {

    /** Most connections of a server at a time, unless said otherwise. */
    public static final int DEFAULT_POOL_SIZE = 4;

    private static final int LARGEST_POOL = 100;

    /**
     * Checks the URL and the size of the pool.
     *
     * @throws IllegalArgumentException if one of them cannot be used; the message does not show the URL
     */
    public TimescaleConnection {
        ConnectionUrl.parse(url);
        if (poolSize < 1 || poolSize > LARGEST_POOL) {
            throw new IllegalArgumentException(
                    "TIMESCALE_POOL_SIZE must be between 1 and " + LARGEST_POOL + ", not " + poolSize + ".");
        }
    }

    /** With the default number of connections. */
    public TimescaleConnection(String url, @Nullable String user, @Nullable String password) {
        this(url, user, password, DEFAULT_POOL_SIZE);
    }

    /**
     * From the settings {@code TIMESCALE_URL} (required), {@code TIMESCALE_USER}, {@code TIMESCALE_PASSWORD} or
     * {@code TIMESCALE_PASSWORD_FILE}, and {@code TIMESCALE_POOL_SIZE}.
     *
     * @throws IllegalArgumentException if one is missing or wrong; the message names it and shows no secret
     */
    public static TimescaleConnection fromSettings(Map<String, String> settings) {
        String url = settings.get("TIMESCALE_URL");
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("No database is configured: set TIMESCALE_URL, for example"
                    + " postgresql://localhost:5432/market, and TIMESCALE_USER and TIMESCALE_PASSWORD.");
        }
        return new TimescaleConnection(
                url.strip(), settings.get("TIMESCALE_USER"), password(settings), poolSize(settings));
    }

    private static @Nullable String password(Map<String, String> settings) {
        String password = settings.get("TIMESCALE_PASSWORD");
        String file = settings.get("TIMESCALE_PASSWORD_FILE");
        if (file == null) {
            return password;
        }
        if (password != null) {
            throw new IllegalArgumentException("Set TIMESCALE_PASSWORD or TIMESCALE_PASSWORD_FILE, not both.");
        }
        try {
            // Editors and secret stores end files with a line break.
            return Files.readString(Path.of(file)).replaceFirst("\\R\\z", "");
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("TIMESCALE_PASSWORD_FILE: '" + file + "' cannot be read.", e);
        }
    }

    private static int poolSize(Map<String, String> settings) {
        String size = settings.getOrDefault("TIMESCALE_POOL_SIZE", String.valueOf(DEFAULT_POOL_SIZE));
        try {
            return Integer.parseInt(size.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("TIMESCALE_POOL_SIZE must be a whole number, not '" + size + "'.", e);
        }
    }

    @Override
    public String toString() {
        return "TimescaleConnection[" + ConnectionUrl.parse(url).address() + ", " + poolSize + " connections]";
    }
}
