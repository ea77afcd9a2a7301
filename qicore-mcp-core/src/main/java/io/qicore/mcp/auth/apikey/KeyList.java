package io.qicore.mcp.auth.apikey;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClosestName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * API keys as JSON. Messages about faults name the place and the way out, and quote nothing of the text, because a key can be anywhere in
 * it.
 */
final class KeyList {

    /** Some editors begin a file in UTF-8 with it. */
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final ObjectReader READER =
            Json.MAPPER.readerFor(Content.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** What each member of a key must be. */
    private static final Map<String, String> MEMBERS = members();

    private static Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("name", "a text");
        members.put("key", "a text");
        members.put("sha256", "a text of 64 hexadecimal digits");
        members.put("rights", "a list such as [\"read\", \"write\"]");
        members.put("limits", "an object of lists, such as {\"topics\": [\"orders-*\"]}");
        members.put("expires", "a time such as \"2027-01-01T00:00:00Z\"");
        return Collections.unmodifiableMap(members);
    }

    private record Content(@Nullable List<Entry> keys) {}

    /** A key with its text or its hash. */
    record Entry(
            @Nullable String name,
            @Nullable String key,
            @Nullable String sha256,
            @Nullable Set<String> rights,
            @Nullable Map<String, List<String>> limits,
            @Nullable Instant expires) {

        /** Does not show the key. */
        @Override
        public String toString() {
            return "Entry[" + name + "]";
        }
    }

    private KeyList() {}

    /**
     * Reads keys.
     *
     * @param json the text in UTF-8
     * @throws IllegalArgumentException if the text is not as {@link ApiKeys} describes it
     */
    static List<ApiKey> read(byte[] json) {
        Content content;
        try {
            int begin = Arrays.mismatch(json, BYTE_ORDER_MARK) == BYTE_ORDER_MARK.length ? BYTE_ORDER_MARK.length : 0;
            content = READER.readValue(json, begin, json.length - begin);
        } catch (JacksonException e) {
            // Without the cause, whose message can contain keys.
            throw new IllegalArgumentException(fault(e));
        } catch (IOException e) {
            throw new IllegalArgumentException("The text must be JSON in UTF-8.");
        }
        if (content == null || content.keys() == null) {
            throw new IllegalArgumentException(
                    "There is no list \"keys\": the text must be like {\"keys\": [{\"name\": \"a\","
                            + " \"sha256\": \"…\", \"rights\": [\"read\"]}]}.");
        }
        List<ApiKey> keys = new ArrayList<>();
        for (Entry entry : content.keys()) {
            keys.add(key(keys.size() + 1, entry));
        }
        return keys;
    }

    private static String fault(JacksonException e) {
        JsonLocation at = e.getLocation();
        String line = at == null || at.getLineNr() < 1 ? "" : "Line " + at.getLineNr() + ": ";
        // What stands inside of a key is wrapped in an exception with the path to it.
        if (e instanceof StreamReadException
                || e.getCause() instanceof StreamReadException
                || !(e instanceof JsonMappingException mapping)) {
            return line
                    + "this is not JSON. Look there and in the line before it for a comma, a quote or a bracket that is"
                    + " missing or too many, and for a member that is there twice.";
        }
        List<JsonMappingException.Reference> path = mapping.getPath();
        if (path.size() < 2) {
            return line + "the text must be an object that has only the list \"keys\".";
        }
        String key = line + "API key " + (path.get(1).getIndex() + 1);
        String member = path.size() > 2 ? path.get(2).getFieldName() : null;
        if (mapping instanceof UnrecognizedPropertyException unknown) {
            return key + " has a member that is not one of " + String.join(", ", MEMBERS.keySet()) + "."
                    + ClosestName.to(unknown.getPropertyName(), MEMBERS.keySet())
                            .map(known -> " Did you mean " + known + "?")
                            .orElse("");
        }
        return MEMBERS.containsKey(member)
                ? key + ": " + member + " must be " + MEMBERS.get(member) + "."
                : key + " must be an object with the members " + String.join(", ", MEMBERS.keySet()) + ".";
    }

    private static ApiKey key(int number, @Nullable Entry entry) {
        if (entry == null || entry.name() == null) {
            throw new IllegalArgumentException("API key " + number + " has no name.");
        }
        String name = entry.name();
        if ((entry.key() == null) == (entry.sha256() == null)) {
            throw new IllegalArgumentException("The API key " + name + " must have either key or sha256.");
        }
        if (entry.rights() == null || entry.rights().isEmpty()) {
            throw new IllegalArgumentException("The API key " + name
                    + " has no rights. Give it one or more of read, write, destructive and admin.");
        }
        return new ApiKey(
                name,
                entry.key() == null ? entry.sha256() : ApiKey.hash(name, entry.key()),
                entry.rights(),
                limits(name, entry.limits() == null ? Map.of() : entry.limits()),
                entry.expires());
    }

    private static Map<String, NamePatterns> limits(String name, Map<String, List<String>> limits) {
        Map<String, NamePatterns> patterns = new HashMap<>();
        limits.forEach((kind, names) -> {
            if (!Caller.LIMIT_KINDS.contains(kind)) {
                // One that nobody enforces would allow more than it says.
                throw new IllegalArgumentException("The API key " + name + " has a limit of a kind that is not one of "
                        + String.join(", ", new TreeSet<>(Caller.LIMIT_KINDS)) + "."
                        + ClosestName.to(kind, Caller.LIMIT_KINDS)
                                .map(known -> " Did you mean " + known + "?")
                                .orElse(""));
            }
            if (names == null || names.contains(null)) {
                throw new IllegalArgumentException("The API key " + name + " has a null in its limit of " + kind + ".");
            }
            patterns.put(kind, names.isEmpty() ? NamePatterns.NONE : NamePatterns.of(kind + " of " + name, names));
        });
        return patterns;
    }
}
