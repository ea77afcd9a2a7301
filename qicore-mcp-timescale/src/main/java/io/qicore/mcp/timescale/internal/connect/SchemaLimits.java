package io.qicore.mcp.timescale.internal.connect;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The schemas that a caller may use, by its limits for {@link Caller#SCHEMAS}. Immutable and thread-safe. */
public final class SchemaLimits {

    /** Stands in answers for a name that the caller may not see. */
    public static final String HIDDEN = "(hidden)";

    private final NamePatterns patterns;

    private SchemaLimits(NamePatterns patterns) {
        this.patterns = patterns;
    }

    /** Returns the limits of a caller. */
    public static SchemaLimits of(Caller caller) {
        return new SchemaLimits(caller.limit(Caller.SCHEMAS));
    }

    /** Returns whether every schema is allowed, so that nothing has to be checked. */
    public boolean isEmpty() {
        return patterns.isAll();
    }

    /** Returns whether a schema may be used. */
    public boolean allow(String schema) {
        return patterns.match(schema);
    }

    /**
     * Returns SQL that adds a condition to a WHERE clause: the schema must be allowed. Returns an empty text if every schema is
     * allowed. The operators are qualified.
     *
     * @param column the SQL of a schema's name
     */
    public String and(String column) {
        return isEmpty() ? "" : " AND " + condition(column);
    }

    /** Returns the condition alone. */
    String condition(String column) {
        if (patterns.patterns().isEmpty()) {
            return "false";
        }
        return patterns.patterns().stream()
                .map(pattern -> column + " OPERATOR(pg_catalog.~~) " + literal(like(pattern)))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** Returns the pattern in the syntax of LIKE, in which a name without wildcards is equal to itself only. */
    private static String like(String pattern) {
        return pattern.replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_")
                .replace('*', '%')
                .replace('?', '_');
    }

    /** Quotes a text for a session with standard_conforming_strings. A name cannot contain NUL. */
    private static String literal(String text) {
        return "'" + text.replace("\0", "").replace("'", "''") + "'";
    }

    /** Returns the name of a type as SQL prints it, unless its schema is not allowed. */
    public String shown(String type) {
        if (isEmpty()) {
            return type;
        }
        String schema = schemaOf(type);
        return schema.isEmpty() || schema.equals("pg_catalog") || allow(schema) ? type : HIDDEN;
    }

    /** Returns the part before the first dot outside of quotes, as a name; empty if there is none. */
    private static String schemaOf(String printed) {
        boolean quoted = false;
        for (int i = 0; i < printed.length(); i++) {
            char c = printed.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '.' && !quoted) {
                String schema = printed.substring(0, i);
                return schema.startsWith("\"")
                        ? schema.substring(1, schema.length() - 1).replace("\"\"", "\"")
                        : schema;
            }
        }
        return "";
    }

    /**
     * Refuses a tool that shows all schemas to a caller who may use only some.
     *
     * @throws MCPToolError with {@link StandardErrorCode#NOT_AUTHORIZED}
     */
    public void requireNone(String tool) {
        if (!isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    tool + " shows what others run on any schema, and this caller may use only " + this + ".",
                    Map.of("allowed", patterns.patterns()));
        }
    }

    /** Returns the allowed names and patterns. */
    public List<String> allowed() {
        return patterns.patterns();
    }

    /** Returns the allowed names and patterns and where they come from, for a message. */
    @Override
    public String toString() {
        String allowed =
                patterns.patterns().isEmpty() ? "no schema" : "schemas " + String.join(", ", patterns.patterns());
        return allowed + " (a limit of its API key or access token, which whoever issued it can change)";
    }
}
