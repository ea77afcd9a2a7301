package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code :name} parameters of a statement, and its text for JDBC: each parameter becomes {@code ?}, and a {@code
 * ?} in an operator, such as those of {@code jsonb}, becomes {@code ??}. Immutable.
 */
public final class NamedParameters {

    private static final int MAX_PLACEHOLDERS = 1000;

    /** From here on, a position in the server's text and one in the agent's differ by a constant. */
    private record Shift(int serverIndex, int delta) {}

    private final String jdbcText;
    private final List<String> placeholders;
    private final List<Shift> shifts;

    private NamedParameters(String jdbcText, List<String> placeholders, List<Shift> shifts) {
        this.jdbcText = jdbcText;
        this.placeholders = List.copyOf(placeholders);
        this.shifts = List.copyOf(shifts);
    }

    static NamedParameters in(String sql, List<SqlToken> tokens) {
        StringBuilder jdbc = new StringBuilder(sql.length() + 16);
        List<String> placeholders = new ArrayList<>();
        List<Shift> shifts = new ArrayList<>();
        int copied = 0;
        int delta = 0;
        for (SqlToken token : tokens) {
            if (token.kind() == Kind.PARAMETER) {
                placeholders.add(token.text());
                jdbc.append(sql, copied, token.start()).append('?');
                copied = token.end();
                // The driver turns the n-th ? into $n.
                delta += token.end()
                        - token.start()
                        - 1
                        - String.valueOf(placeholders.size()).length();
                shifts.add(new Shift(token.end() - delta, delta));
            } else if (token.kind() == Kind.OPERATOR && token.text().indexOf('?') >= 0) {
                jdbc.append(sql, copied, token.start()).append(token.text().replace("?", "??"));
                copied = token.end();
            }
        }
        if (placeholders.size() > MAX_PLACEHOLDERS) {
            throw new MCPToolError(
                    TimescaleErrorCode.INVALID_SQL,
                    "The statement has " + placeholders.size() + " parameters; at most " + MAX_PLACEHOLDERS
                            + " are taken. Pass lists as one array parameter: col = ANY(:list).",
                    Map.of("stage", "guard"));
        }
        return new NamedParameters(jdbc.append(sql, copied, sql.length()).toString(), placeholders, shifts);
    }

    /** Returns the statement with {@code ?} for each parameter. */
    public String jdbcText() {
        return jdbcText;
    }

    /** Returns the names, one for each {@code ?}, in the order of the text. */
    public List<String> placeholders() {
        return placeholders;
    }

    /**
     * Checks that there is a value for each parameter and no other.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} that names the parameter
     */
    public void check(Set<String> given) {
        Set<String> known = new LinkedHashSet<>(placeholders);
        for (String name : known) {
            if (!given.contains(name)) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "The statement has a parameter :" + name + ", but 'parameters' has no value for it.",
                        Map.of("parameter", name));
            }
        }
        for (String name : given) {
            if (!known.contains(name)) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "'parameters' has a value for '" + name + "', but the statement has no :" + name + ". "
                                + (known.isEmpty()
                                        ? "It has no parameters."
                                        : "It has :" + String.join(", :", known) + "."),
                        Map.of("parameter", name));
            }
        }
    }

    /** Converts a position in the server's text to the position in the agent's text; both begin at 1. */
    public int originalPosition(int serverPosition) {
        int delta = 0;
        for (Shift shift : shifts) {
            if (serverPosition - 1 >= shift.serverIndex()) {
                delta = shift.delta();
            }
        }
        return serverPosition + delta;
    }
}
