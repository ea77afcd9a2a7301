package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The TimescaleDB extension of a database. Immutable.
 *
 * @param version its version, such as {@code 2.29.2}
 * @param sqlSchema the schema that holds its public functions, quoted where necessary
 * @param license what it runs under: {@code timescale} for the Community edition, or {@code apache}
 * @param ambiguous names of its functions that functions of others in its schema have, too
 */
public record TimescaleExtension(String version, String sqlSchema, String license, Set<String> ambiguous) {

    /**
     * Selects the extension and the functions of others in its schema that could take the place of its own: they have the
     * name of one and take as many arguments. Many functions of the extension take arguments of any type, so that a function
     * of exact types would match better.
     */
    private static final String FIND = "SELECT e.extversion, format('%I', n.nspname),"
            + " coalesce(current_setting('timescaledb.license', true), 'timescale'),"
            + " (SELECT string_agg(DISTINCT p.proname, ',') FROM pg_proc p WHERE p.pronamespace = e.extnamespace"
            + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid"
            + " AND d.deptype = 'e') AND EXISTS (SELECT FROM pg_proc q JOIN pg_depend d ON d.objid = q.oid"
            + " WHERE q.proname = p.proname AND q.pronamespace = p.pronamespace AND d.classid = 'pg_proc'::regclass"
            + " AND d.refobjid = e.oid AND d.deptype = 'e' AND p.pronargs >= q.pronargs - q.pronargdefaults"
            + " AND q.pronargs >= p.pronargs - p.pronargdefaults))"
            + " FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'";

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    /** Creates an extension whose functions nobody else has. */
    public TimescaleExtension(String version, String sqlSchema, String license) {
        this(version, sqlSchema, license, Set.of());
    }

    /**
     * Returns the extension, if the database has it. Queried in each transaction, since it can be installed at any
     * time.
     */
    public static Optional<TimescaleExtension> find(Session session) throws SQLException {
        return session.first(
                FIND,
                row -> new TimescaleExtension(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4) == null
                                ? Set.of()
                                : Set.of(row.getString(4).split(","))));
    }

    /** Returns the extension, if the database has version 2.0 or later. Older versions are not supported. */
    public static Optional<TimescaleExtension> findSupported(Session session) throws SQLException {
        return find(session).filter(extension -> extension.isAtLeast(2, 0));
    }

    /**
     * Returns the extension.
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
     * Returns the extension, if it supports a feature.
     *
     * @throws MCPToolError if the extension is missing, has another licence or is too old; the message says which
     */
    public static TimescaleExtension require(Session session, TimescaleFeature feature) throws SQLException {
        TimescaleExtension extension = require(session, "The tool is of no use without it.");
        extension.require(feature);
        return extension;
    }

    /**
     * Requires that this edition and version support a feature.
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

    /** Returns whether the extension runs under the Community licence. */
    public boolean isCommunity() {
        return !license.equals("apache");
    }

    /** Returns whether the columnstore has its current names. Older versions call it compression. */
    public boolean hasColumnstoreNames() {
        return isAtLeast(2, 18);
    }

    /** Returns whether this is the given version or a later one. */
    public boolean isAtLeast(int major, int minor) {
        return isAtLeast(major, minor, 0);
    }

    /** Returns whether this is the given version or a later one; false if the version cannot be parsed. */
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

    /**
     * Returns the qualified name of a function of the extension.
     *
     * @throws MCPToolError if the schema has another function of this name that could be called instead
     */
    public String function(String name) {
        if (ambiguous.contains(name)) {
            throw new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "Schema " + sqlSchema + " has a function " + name
                            + " that does not belong to TimescaleDB and could be"
                            + " run instead of it. An administrator removes it, or creates it in another schema. Nothing"
                            + " was run.",
                    Map.of("function", sqlSchema + "." + name));
        }
        return sqlSchema + "." + name;
    }
}
