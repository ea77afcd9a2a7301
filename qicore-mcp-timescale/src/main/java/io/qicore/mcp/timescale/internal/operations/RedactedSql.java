package io.qicore.mcp.timescale.internal.operations;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Redacts statements of other sessions: removes their constants, which may be confidential. */
final class RedactedSql {

    private static final int LONGEST = 300;
    /**
     * Comments, names, strings and numbers, matched from left to right, so that a quote in a comment does not begin a
     * string.
     */
    private static final Pattern PART = Pattern.compile(
            "(/\\*.*?(?:\\*/|$)|--[^\\n]*)|(\"(?:[^\"]|\"\")*(?:\"|$))|'(?:[^']|'')*(?:'|$)"
                    + "|(?<![\\w$.])\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?",
            Pattern.DOTALL);

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private RedactedSql() {}

    /** Returns a statement with {@code ?} for its constants, cut after 300 characters. Null and blank become null. */
    static @Nullable String sql(@Nullable String sql) {
        if (sql == null || sql.isBlank()) {
            return null;
        }
        // If backslashes, dollar quotes or nested comments may hide the end of a string, only the first word is certain
        // not
        // to be a constant.
        if (sql.indexOf('\\') >= 0 || sql.indexOf("/*") != sql.lastIndexOf("/*") || sql.matches("(?s).*\\$\\w*\\$.*")) {
            return SPACE.split(sql.strip(), 2)[0].replaceAll("\\W.*", "") + " …";
        }
        String bare = PART.matcher(sql)
                .replaceAll(part -> Matcher.quoteReplacement(
                        part.group(1) != null ? " " : part.group(2) != null ? part.group() : "?"));
        String line = SPACE.matcher(bare).replaceAll(" ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
