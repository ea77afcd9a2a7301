package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Session;
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
 * @param license what it runs under: {@code timescale} for the Community edition, or {@code apache}
 */
public record TimescaleExtension(String version, String sqlSchema, String license) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    /** The extension, if the database has it. Asked for in each transaction: it can come while this server runs. */
    public static Optional<TimescaleExtension> find(Session session) throws SQLException {
        return session.first(
                "SELECT e.extversion, format('%I', n.nspname),"
                        + " coalesce(current_setting('timescaledb.license', true), 'timescale') FROM pg_extension e"
                        + " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'",
                row -> new TimescaleExtension(row.getString(1), row.getString(2), row.getString(3)));
    }

    /** The extension, if the database has one with the views and names of 2.0 or later: others are as good as none. */
    public static Optional<TimescaleExtension> findSupported(Session session) throws SQLException {
        return find(session).filter(extension -> extension.isAtLeast(2, 0));
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

    /**
     * The extension, able to do something.
     *
     * @throws MCPToolError that says which it is: no extension, another licence or an old version
     */
    public static TimescaleExtension require(Session session, TimescaleFeature feature) throws SQLException {
        TimescaleExtension extension = require(session, "The tool is of no use without it.");
        extension.require(feature);
        return extension;
    }

    /**
     * Makes sure that this edition and version can do something.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#TIMESCALE_LICENSE} or
     *     {@link TimescaleErrorCode#TIMESCALE_TOO_OLD}
     */
    public void require(TimescaleFeature feature) {
        if (feature.communityOnly() && !isCommunity()) {
            throw new MCPToolError(
                    TimescaleErrorCode.TIMESCALE_LICENSE,
                    feature.label() + " needs TimescaleDB's Community licence, but this database runs under '" + license
                            + "'. It is free of charge: an administrator sets timescaledb.license = 'timescale' in"
                            + " postgresql.conf, if the provider allows it. Nothing was run.",
                    Map.of("license", license, "needs", "timescale"));
        }
        if (!isAtLeast(feature.major(), feature.minor())) {
            String needed = feature.major() + "." + feature.minor();
            throw new MCPToolError(
                    TimescaleErrorCode.TIMESCALE_TOO_OLD,
                    feature.label() + " needs TimescaleDB " + needed + " or later, but this database has " + version
                            + ". An administrator updates it with: ALTER EXTENSION timescaledb UPDATE; Nothing was run.",
                    Map.of("version", version, "needs", needed));
        }
    }

    /** Whether it runs under the Community licence. */
    public boolean isCommunity() {
        return !license.equals("apache");
    }

    /** Whether it has the names of the columnstore; before, the same is called compression. */
    public boolean hasColumnstoreNames() {
        return isAtLeast(2, 18);
    }

    /** Whether this is the given version or a later one. */
    public boolean isAtLeast(int major, int minor) {
        return isAtLeast(major, minor, 0);
    }

    /** Whether this is the given version or a later one; false if it cannot be read. */
    public boolean isAtLeast(int major, int minor, int patch) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return false;
        }
        int[] wanted = {major, minor, patch};
        for (int i = 0; i < wanted.length; i++) {
            String part = matcher.group(i + 1);
            int actual = part == null ? 0 : Integer.parseInt(part);
            if (actual != wanted[i]) {
                return actual > wanted[i];
            }
        }
        return true;
    }

    /** Returns the qualified name of a function of the extension. */
    public String function(String name) {
        return sqlSchema + "." + name;
    }
}
