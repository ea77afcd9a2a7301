package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An aggregate over one column as agents write it, such as {@code avg(price)} or {@code count(*) as trades}. SQL is
 * built from the parsed parts and never contains the text of the agent.
 *
 * @param function one of {@link #FUNCTIONS}
 * @param column the column, or {@code *} for count
 * @param alias the name of the result
 */
public record AggregateCall(String function, String column, String alias) {

    /** The supported functions. First and last are by time. */
    public static final Set<String> FUNCTIONS =
            Set.of("count", "sum", "avg", "min", "max", "first", "last", "stddev", "variance");

    private static final Pattern TEXT =
            Pattern.compile("([a-zA-Z]{3,8})\\s*\\(\\s*([^()]{1,63}?)\\s*\\)(?:\\s+[aA][sS]\\s+(\\w{1,63}))?");

    /**
     * Parses an aggregate.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} that names the supported functions
     */
    public static AggregateCall parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        String function = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
        boolean star = matcher.matches() && matcher.group(2).equals("*");
        if (!FUNCTIONS.contains(function) || star && !function.equals("count")) {
            String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + shown + "' is not an aggregate here: write function(column), such as avg(price), or count(*);"
                            + " add 'as name' to name it. Functions: " + String.join(", ", new TreeSet<>(FUNCTIONS))
                            + ".",
                    Map.of("aggregate", shown));
        }
        String column = matcher.group(2);
        String alias = matcher.group(3) != null
                ? matcher.group(3)
                : star ? function : function + "_" + column.replaceAll("\\W", "_");
        return new AggregateCall(
                function,
                column,
                Identifiers.forNew(alias.length() <= 63 ? alias : alias.substring(0, 63), "result column"));
    }

    /** Returns whether the aggregate counts rows. */
    public boolean isStar() {
        return column.equals("*");
    }
}
