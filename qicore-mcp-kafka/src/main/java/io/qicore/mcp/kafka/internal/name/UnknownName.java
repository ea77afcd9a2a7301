package io.qicore.mcp.kafka.internal.name;

import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates errors for names that do not exist. They suggest similar names. */
public final class UnknownName {

    private static final int MAX_SUGGESTIONS = 3;
    private static final int MAX_LISTED = 10;

    private UnknownName() {}

    /**
     * Returns the error for a name that does not exist.
     *
     * @param code the code of the error
     * @param kind what the name is of, in the singular, such as {@code topic}; its plural must end in s
     * @param argument the argument that held the name
     * @param name the unknown name
     * @param known the existing names; empty if they could not be listed or if there are none
     */
    public static MCPToolError error(
            ErrorCode code,
            String kind,
            String argument,
            String name,
            Collection<String> known,
            @Nullable Throwable cause) {
        List<String> nearest = nearest(name, known);
        StringBuilder message = new StringBuilder(
                "There is no " + kind + " '" + name + "', or this server is not authorized to see it.");
        if (!nearest.isEmpty()) {
            message.append(" Did you mean '")
                    .append(String.join("' or '", nearest))
                    .append("'?");
        } else if (!known.isEmpty() && known.size() <= MAX_LISTED) {
            message.append(" Existing ").append(kind).append("s: ").append(String.join(", ", sorted(known)));
            message.append('.');
        }
        Map<String, Object> context = new LinkedHashMap<>();
        context.put(argument, name);
        context.put("nearest", nearest);
        return new MCPToolError(code, message.toString(), context, cause);
    }

    /** Returns the name with the smallest edit distance, then names that contain the unknown name. */
    static List<String> nearest(String name, Collection<String> known) {
        Set<String> found = new LinkedHashSet<>();
        ClosestName.to(name, known).ifPresent(found::add);
        String wanted = name.toLowerCase(Locale.ROOT);
        for (String candidate : sorted(known)) {
            if (found.size() == MAX_SUGGESTIONS) {
                break;
            }
            if (!wanted.isBlank() && candidate.toLowerCase(Locale.ROOT).contains(wanted)) {
                found.add(candidate);
            }
        }
        return List.copyOf(found);
    }

    private static List<String> sorted(Collection<String> names) {
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(null);
        return sorted;
    }
}
