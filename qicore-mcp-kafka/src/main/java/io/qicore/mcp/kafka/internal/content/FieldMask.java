package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The fields whose values agents never see, see {@link KafkaPolicy.Builder#maskedFields}. Immutable and thread-safe.
 *
 * <p>A field is masked if the last parts of its path match a pattern, so {@code email} matches at any depth. Elements of arrays
 * have the path of their array.
 */
public final class FieldMask {

    /** Masks nothing. */
    public static final FieldMask NONE = new FieldMask(List.of());

    /** What agents see instead of a masked value. */
    public static final String MASKED = "***";

    /** What ends a name in other notations than JSON: a colon, an equals sign or the end of a tag, also after quotes. */
    private static final String END_OF_NAME = "[\"'\\\\\\]\\s]{0,16}(?:[:=>]|%3[ad])";

    /** Each JSON in a text begins a new tree, so the limit of the parser does not bound the depth of all. */
    private static final int MAX_DEPTH = 1_200;

    private final List<List<NamePatterns>> fields;
    private final List<String> words;
    private final List<Pattern> names;
    private final boolean key;

    private FieldMask(List<String> names) {
        List<String> ofFields = names.stream()
                .filter(name -> !name.equals(KafkaPolicy.MASKED_KEY))
                .map(FieldMask::normal)
                .toList();
        this.fields = ofFields.stream().map(FieldMask::parts).toList();
        this.words = ofFields.stream().map(FieldMask::longestWord).toList();
        this.names = ofFields.stream().map(FieldMask::named).toList();
        this.key = ofFields.size() < names.size();
    }

    /** Returns the mask of a policy, which applies to the callers that it {@linkplain KafkaPolicy#masksFor masks for}. */
    public static FieldMask of(KafkaPolicy policy) {
        return policy.maskedFields().isEmpty() ? NONE : new FieldMask(policy.maskedFields());
    }

    private static List<NamePatterns> parts(String name) {
        return Arrays.stream(name.split("\\."))
                .map(part -> NamePatterns.of("fields", List.of(part)))
                .toList();
    }

    /** Returns the longest part of a pattern without wildcards, which a text with such a field contains. */
    private static String longestWord(String name) {
        return Arrays.stream(name.split("[.*?]")).reduce("", (a, b) -> a.length() >= b.length() ? a : b);
    }

    /** Returns what finds the name of a field in a text that is not JSON: {@code email=}, {@code "email":}, {@code <email>}. */
    private static Pattern named(String name) {
        StringBuilder regex = new StringBuilder();
        String last = name.replaceAll("(\\.\\*)+$", "");
        for (char c : last.substring(last.lastIndexOf('.') + 1).toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> "[\\w-]{0,64}";
                        case '?' -> "[\\w-]";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        String more = last.equals(name) ? "" : "[\\w.\\[\\]-]{0,64}";
        String start = "(?:(?<![a-z0-9_])|(?<=%[0-9a-f]{2}))";
        String tag = "</?(?:[\\w.-]{1,64}:)?" + regex + "(?![\\w.-])";
        return Pattern.compile(
                start + regex + more + END_OF_NAME + "|" + tag, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** Returns whether fields are masked. */
    public boolean masksFields() {
        return !fields.isEmpty();
    }

    /** Returns whether the keys of records are masked. */
    public boolean masksKeys() {
        return key;
    }

    /** Returns whether a field, or an object around it, is masked. Also used for the name of a header. */
    public boolean covers(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : split(path)) {
            parts.add(part);
            if (matches(parts)) {
                return true;
            }
        }
        return false;
    }

    /** Returns a copy without the values of masked fields; the same node if nothing is masked in it. */
    public JsonNode apply(JsonNode node) {
        return fields.isEmpty() ? node : masked(node, new ArrayList<>(), 0);
    }

    /**
     * Returns whether a text whose fields cannot be told apart may have a masked one: it mentions its name, or looks like
     * JSON without being that.
     */
    public boolean suspects(String text) {
        if (fields.isEmpty()) {
            return false;
        }
        if (looksLikeJson(text) || text.contains("\\u00")) {
            return true;
        }
        return mentions(text);
    }

    private boolean mentions(String text) {
        String normal = normal(text);
        return words.stream().anyMatch(normal::contains);
    }

    private JsonNode masked(JsonNode node, List<String> path, int depth) {
        if (depth > MAX_DEPTH) {
            return TextNode.valueOf(MASKED);
        }
        if (node instanceof ObjectNode object) {
            return maskedObject(object, path, depth + 1);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode(array.size());
            boolean changed = false;
            for (JsonNode element : array) {
                JsonNode masked = masked(element, path, depth + 1);
                changed |= masked != element;
                copy.add(masked);
            }
            return changed ? copy : array;
        }
        return node.isTextual() ? maskedText(node, path, depth + 1) : node;
    }

    private JsonNode maskedObject(ObjectNode object, List<String> path, int depth) {
        ObjectNode copy = object.objectNode();
        boolean changed = false;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            int length = path.size();
            // A name with dots counts as several parts, so that it cannot hide from a pattern.
            path.addAll(split(field.getKey()));
            JsonNode masked =
                    matchesFrom(length, path) ? TextNode.valueOf(MASKED) : masked(field.getValue(), path, depth);
            path.subList(length, path.size()).clear();
            changed |= masked != field.getValue();
            copy.set(field.getKey(), masked);
        }
        return changed ? copy : object;
    }

    /**
     * Masks JSON in a text, also in a text of JSON that is a text itself. What only looks like JSON, or has the name of a masked
     * field in another notation, is masked as a whole.
     */
    private JsonNode maskedText(JsonNode node, List<String> path, int depth) {
        String text = node.textValue();
        if (startsWith(text, "{[\"")) {
            try {
                JsonNode inner = JsonTrees.read(text);
                JsonNode masked = masked(inner, path, depth);
                return masked == inner ? node : TextNode.valueOf(JsonTrees.write(masked));
            } catch (JsonProcessingException e) {
                if (looksLikeJson(text)) {
                    return TextNode.valueOf(MASKED);
                }
            }
        }
        return text.contains("\\u00")
                        // Such as CSV or YAML.
                        || (text.indexOf('\n') >= 0 && mentions(text))
                        || names.stream().anyMatch(name -> name.matcher(text).find())
                ? TextNode.valueOf(MASKED)
                : node;
    }

    private boolean matchesFrom(int first, List<String> path) {
        for (int length = first + 1; length <= path.size(); length++) {
            if (matches(path.subList(0, length))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(List<String> path) {
        for (List<NamePatterns> pattern : fields) {
            int start = path.size() - pattern.size();
            boolean all = start >= 0;
            for (int i = 0; all && i < pattern.size(); i++) {
                all = pattern.get(i).match(path.get(start + i));
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private static List<String> split(String name) {
        return Arrays.stream(normal(name).split("\\.", -1)).map(String::strip).toList();
    }

    /** Returns a name without differences that a reader does not see. */
    private static String normal(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    private static boolean looksLikeJson(String text) {
        return startsWith(text, "{[");
    }

    private static boolean startsWith(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && c != '\ufeff' && c != '\u0000') {
                return characters.indexOf(c) >= 0;
            }
        }
        return false;
    }
}
