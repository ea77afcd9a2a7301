package io.qicore.mcp.skill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads the YAML at the start of a {@code SKILL.md}, and checks what the Agent Skills specification says about it. */
final class Frontmatter {

    private static final Pattern BLOCK = Pattern.compile(
            "\\A\uFEFF?---[ \\t]*\\r?\\n(.*?)(?:\\r?\\n)?^---[ \\t]*(?:\\r?\\n|\\z)",
            Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final String RESERVED = "io.modelcontextprotocol/";
    private static final int MAX_NAME = 64;
    private static final int MAX_DESCRIPTION = 1_024;
    private static final int MAX_COMPATIBILITY = 500;

    private Frontmatter() {}

    /**
     * Returns the frontmatter of a {@code SKILL.md} as JSON.
     *
     * @param where names the file in messages
     * @throws IllegalArgumentException if it is missing, is not a YAML mapping that JSON can express, or breaks a rule of
     *     the Agent Skills specification
     */
    static ObjectNode of(String markdown, String where) {
        Matcher block = BLOCK.matcher(markdown);
        if (!block.find()) {
            throw new IllegalArgumentException(where + " must begin with YAML between two lines of ---, which gives at"
                    + " least a name and a description.");
        }
        Object yaml;
        try {
            yaml = new Load(settings(block.group(1).length())).loadFromString(block.group(1));
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("The frontmatter of " + where + " is not YAML: " + e.getMessage(), e);
        }
        if (!(yaml instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("The frontmatter of " + where + " must be a mapping of keys to values.");
        }
        ObjectNode frontmatter = (ObjectNode) json(yaml, "The frontmatter of " + where);
        check(frontmatter, where);
        return frontmatter;
    }

    private static LoadSettings settings(int length) {
        return LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                // snakeyaml-engine 3.0.1 fails on a surrogate pair across the end of its buffer.
                .setBufferSize(length + 1)
                .build();
    }

    private static void check(ObjectNode frontmatter, String where) {
        String name = text(frontmatter, "name", MAX_NAME, true, where);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "The name in " + where + " must consist of lower-case letters, digits and"
                            + " single hyphens between them, but it is '" + name + "'.");
        }
        text(frontmatter, "description", MAX_DESCRIPTION, true, where);
        text(frontmatter, "compatibility", MAX_COMPATIBILITY, false, where);
        JsonNode metadata = frontmatter.path("metadata");
        if (!metadata.isMissingNode() && !metadata.isObject()) {
            throw new IllegalArgumentException("metadata in " + where + " must map texts to texts.");
        }
        metadata.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new IllegalArgumentException(
                        "metadata in " + where + " must map texts to texts, but " + entry.getKey() + " is not a text.");
            }
            if (entry.getKey().startsWith(RESERVED)) {
                throw new IllegalArgumentException(
                        "metadata in " + where + " has the key " + entry.getKey() + ", which MCP reserves.");
            }
        });
    }

    private static String text(ObjectNode frontmatter, String key, int longest, boolean required, String where) {
        JsonNode value = frontmatter.get(key);
        if (value == null && !required) {
            return "";
        }
        int length = value != null && value.isTextual()
                ? value.textValue().codePointCount(0, value.textValue().length())
                : 0;
        if (length == 0 || length > longest || value.textValue().isBlank()) {
            throw new IllegalArgumentException(
                    key + " in the frontmatter of " + where + " must be a text of 1 to " + longest + " characters.");
        }
        return value.textValue();
    }

    private static JsonNode json(@Nullable Object yaml, String where) {
        if (yaml instanceof Map<?, ?> map) {
            ObjectNode object = Json.object();
            map.forEach((key, value) -> {
                if (!(key instanceof String name)) {
                    throw new IllegalArgumentException(
                            where + " has the key " + key + ", which is not a text: quote it.");
                }
                object.set(name, json(value, where));
            });
            return object;
        }
        if (yaml instanceof List<?> list) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            list.forEach(item -> array.add(json(item, where)));
            return array;
        }
        if (yaml instanceof Double number && !Double.isFinite(number)) {
            throw new IllegalArgumentException(
                    where + " has the number " + number + ", which JSON does not have: quote it.");
        }
        if (yaml == null
                || yaml instanceof String
                || yaml instanceof Boolean
                || yaml instanceof Integer
                || yaml instanceof Long
                || yaml instanceof BigInteger
                || yaml instanceof Double) {
            return Json.MAPPER.valueToTree(yaml);
        }
        throw new IllegalArgumentException(where + " has a value of a type that JSON does not have, "
                + yaml.getClass().getSimpleName() + ".");
    }
}
