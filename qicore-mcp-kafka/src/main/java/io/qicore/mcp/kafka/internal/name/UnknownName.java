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

/** Errors for names that do not exist, with the names that may have been meant. */
public final class UnknownName {

    private static final int MAX_SUGGESTIONS = 3;
    private static final int MAX_LISTED = 10;

    private UnknownName() {}

    /**
     * The error.
     *
     * @param code kind of error
     * @param kind what it is a name of, in the singular, such as {@code topic}; its plural ends in s
     * @param argument argument that held the name
     * @param name the unknown name
     * @param known the existing names; an empty collection when they could not be listed or there are none
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
                "There is no " + kind + " '" + name + "', or the credentials of this server may not see it.");
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

    /** The name by edit distance first, then names that contain the unknown one: "orders" may be "shop.orders.v1". */
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
