package io.qicore.mcp.timescale.internal.db;

import io.qicore.mcp.timescale.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The TimescaleDB extension of a database. Immutable.
 *
 * @param version its version, such as {@code 2.29.2}
 * @param sqlSchema the schema that holds its public functions, quoted where necessary
 */
public record TimescaleExtension(String version, String sqlSchema) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** The extension, if the database has it. Asked for in each transaction: it can come while this server runs. */
    public static Optional<TimescaleExtension> find(Session session) throws SQLException {
        return session.first(
                "SELECT e.extversion, format('%I', n.nspname) FROM pg_extension e"
                        + " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'",
                row -> new TimescaleExtension(row.getString(1), row.getString(2)));
    }

    /**
     * The extension.
     *
     * @param otherwise what the agent can do without it, as a sentence
     * @throws MCPToolError with {@link TimescaleErrorCode#TIMESCALE_NOT_INSTALLED}
     */
    public static TimescaleExtension require(Session session, String otherwise) throws SQLException {
        return find(session)
                .orElseThrow(() -> new MCPToolError(
                        TimescaleErrorCode.TIMESCALE_NOT_INSTALLED,
                        "This database has no TimescaleDB extension. " + otherwise
                                + " An administrator adds the extension with: CREATE EXTENSION timescaledb;",
                        Map.of("extension", "timescaledb")));
    }

    /** Whether this is the given version or a later one. */
    public boolean isAtLeast(int major, int minor) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return false;
        }
        int actualMajor = Integer.parseInt(matcher.group(1));
        int actualMinor = Integer.parseInt(matcher.group(2));
        return actualMajor > major || actualMajor == major && actualMinor >= minor;
    }

    /** The qualified name of one of its functions. */
    public String function(String name) {
        return sqlSchema + "." + name;
    }
}
