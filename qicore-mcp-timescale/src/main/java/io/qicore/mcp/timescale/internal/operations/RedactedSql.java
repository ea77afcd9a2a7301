package io.qicore.mcp.timescale.internal.operations;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Statements of other sessions, without the values in them: those may be what nobody else is to see. */
final class RedactedSql {

    private static final int LONGEST = 300;
    /** Read from left to right, so that a quote in a comment begins no string: comments, names, strings, numbers. */
    private static final Pattern PART = Pattern.compile(
            "(/\\*.*?(?:\\*/|$)|--[^\\n]*)|(\"(?:[^\"]|\"\")*(?:\"|$))|'(?:[^']|'')*(?:'|$)"
                    + "|(?<![\\w$.])\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?",
            Pattern.DOTALL);

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private RedactedSql() {}

    /** A statement with {@code ?} for its constants, cut after 300 characters; null and blank become null. */
    static @Nullable String sql(@Nullable String sql) {
        if (sql == null || sql.isBlank()) {
            return null;
        }
        // Where backslashes, dollar quotes or nested comments may hide the end of a string, only the first word is
        // certain
        // to be none.
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
