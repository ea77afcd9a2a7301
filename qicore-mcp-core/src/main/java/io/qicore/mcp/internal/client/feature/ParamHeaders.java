package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.internal.header.HeaderText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a tool that headers repeat ({@code x-mcp-header} in its schema). Immutable.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">MCP 2026-07-28,
 *     Streamable HTTP, Custom headers</a>
 */
final class ParamHeaders {

    private static final String ANNOTATION = "x-mcp-header";
    private static final String PREFIX = "Mcp-Param-";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

    /** The keywords whose members are schemas by a name that the author chose. */
    private static final Set<String> SCHEMAS_BY_NAME =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

    /** The keywords whose values are not schemas. */
    private static final Set<String> VALUES = Set.of("default", "const", "enum", "examples", "required");

    /** The largest integer that all languages have. */
    private static final BigDecimal MAX_INTEGER = BigDecimal.valueOf((1L << 53) - 1);

    /** No headers. */
    static final ParamHeaders NONE = new ParamHeaders(Map.of());

    private final Map<String, List<String>> paths;

    private ParamHeaders(Map<String, List<String>> paths) {
        this.paths = paths;
    }

    /**
     * Reads the schema of a tool.
     *
     * @throws IllegalArgumentException if it marks an argument that a header cannot repeat; says which
     */
    static ParamHeaders of(JsonNode schema) {
        Map<String, List<String>> paths = new LinkedHashMap<>();
        collect(schema, List.of(), paths);
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : paths.keySet()) {
            if (!names.add(name)) {
                throw new IllegalArgumentException("two arguments have the header " + PREFIX + name);
            }
        }
        return new ParamHeaders(paths);
    }

    /** @param path the names of the properties on the way from the root; null if there is another way in it */
    private static void collect(JsonNode schema, @Nullable List<String> path, Map<String, List<String>> paths) {
        JsonNode annotation = schema.get(ANNOTATION);
        if (annotation != null) {
            add(annotation, schema, path, paths);
        }
        schema.properties().forEach(member -> {
            String keyword = member.getKey();
            JsonNode value = member.getValue();
            if (SCHEMAS_BY_NAME.contains(keyword)) {
                value.properties()
                        .forEach(named -> collect(
                                named.getValue(),
                                keyword.equals("properties") && path != null ? plus(path, named.getKey()) : null,
                                paths));
            } else if (!VALUES.contains(keyword)) {
                if (value.isArray()) {
                    value.forEach(part -> collect(part, null, paths));
                } else {
                    collect(value, null, paths);
                }
            }
        });
    }

    private static void add(
            JsonNode annotation, JsonNode schema, @Nullable List<String> path, Map<String, List<String>> paths) {
        String name = annotation.textValue();
        if (path == null || path.isEmpty()) {
            throw new IllegalArgumentException(ANNOTATION + " is only allowed for a property");
        }
        String where = String.join(".", path);
        if (name == null || !TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("the " + ANNOTATION + " of " + where + " is not the name of a header");
        }
        if (!TYPES.contains(schema.path("type").asText())) {
            throw new IllegalArgumentException(
                    where + " is repeated in a header, but it is not a string, integer or boolean");
        }
        if (paths.put(name, path) != null) {
            throw new IllegalArgumentException("two arguments have the header " + PREFIX + name);
        }
    }

    private static List<String> plus(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /** Returns the headers of a call. An argument that is missing or null has none. */
    Map<String, String> values(JsonNode arguments) {
        Map<String, String> headers = new LinkedHashMap<>();
        paths.forEach((name, path) -> {
            JsonNode value = arguments;
            for (String member : path) {
                value = value.path(member);
            }
            if (value.isValueNode() && !value.isNull()) {
                headers.put(PREFIX + name, HeaderText.encode(text(value)));
            }
        });
        return headers;
    }

    private static String text(JsonNode value) {
        if (!value.isNumber()) {
            return value.asText();
        }
        BigDecimal number = value.decimalValue();
        if (number.abs().compareTo(MAX_INTEGER) > 0) {
            // Not an integer that the schema allows; written out, it could be of any length.
            return value.asText();
        }
        return number.stripTrailingZeros().scale() <= 0 ? number.toBigInteger().toString() : number.toPlainString();
    }
}
