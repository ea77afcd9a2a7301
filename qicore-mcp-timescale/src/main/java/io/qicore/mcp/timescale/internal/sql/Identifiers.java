package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses names of tables and columns as agents write them. */
public final class Identifiers {

    private static final Pattern NEW_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    /**
     * The name of a table, with its schema if it has one.
     *
     * @param schema the schema, or null for the search path
     * @param name the table, as written or without its quotes
     */
    public record QualifiedName(@Nullable String schema, String name) {}

    private Identifiers() {}

    /**
     * Splits {@code table} or {@code schema.table}; either part may be in double quotes.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if it is neither
     */
    public static QualifiedName qualified(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at <= text.length() && parts.size() < 3) {
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            int end = quoted ? closingQuote(text, at + 1) : text.indexOf('.', at);
            if (!quoted && end < 0) {
                end = text.length();
            }
            if (end < 0) {
                throw notAName(text);
            }
            parts.add(
                    quoted
                            ? text.substring(at + 1, end).replace("\"\"", "\"")
                            : text.substring(at, end).strip());
            at = quoted ? end + 1 : end;
            if (at < text.length() && text.charAt(at) != '.') {
                throw notAName(text);
            }
            at++;
        }
        if (at <= text.length() || parts.stream().anyMatch(part -> part.isEmpty() || part.indexOf('\0') >= 0)) {
            throw notAName(text);
        }
        return parts.size() == 1
                ? new QualifiedName(null, parts.get(0))
                : parts.size() == 2 ? new QualifiedName(parts.get(0), parts.get(1)) : fail(text);
    }

    /**
     * Returns the name for a new table or column. It consists of letters, digits and underscores and is folded to
     * lower case, as SQL folds names without quotes, so that it never needs quotes.
     *
     * @param what what is named, for the message
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if other characters are in it
     */
    public static String forNew(String name, String what) {
        if (!NEW_NAME.matcher(name).matches()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + shortened(name) + "' cannot name a new " + what
                            + ": use 1 to 63 letters, digits and underscores, and no digit first.",
                    Map.of("name", shortened(name)));
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static int closingQuote(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    i++;
                } else {
                    return i;
                }
            }
        }
        return -1;
    }

    private static QualifiedName fail(String text) {
        throw notAName(text);
    }

    private static MCPToolError notAName(String text) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + shortened(text)
                        + "' is not a table name: write table or schema.table, and a name with a dot in it in double quotes.",
                Map.of("table", shortened(text)));
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
