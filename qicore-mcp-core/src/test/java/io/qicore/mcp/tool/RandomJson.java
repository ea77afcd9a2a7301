package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes random values that a schema describes. Some break a rule of it, as the values of careless clients do. */
final class RandomJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\n",
            "\u2028",
            "a",
            "abc",
            "abc\n",
            "EUR\n",
            "2026-07-28\n",
            "2026-07-28T10:15+05:00[Europe/Berlin]",
            "2026-07-28T10:15:00.123456789Z",
            "2026-07-28t10:15:00z",
            "1",
            "-1",
            "99999999999999",
            "1.5",
            "true",
            "null",
            "2026-02-30",
            "2026-07-28",
            "10:15",
            "10:15:00",
            "2026-07-28T10:15:00Z",
            "2026-07-28T10:15:00",
            "2026-07-28T23:59:60Z",
            "2026-07-28T10:15:00+02:00",
            "2026-07-28T10:15:00+02:00[Europe/Berlin]",
            "PT5M",
            "PT0.5S",
            "-PT5M",
            "P1D",
            "P1Y",
            "P1W",
            "--02-30",
            "2026",
            "2026-13",
            "EUR",
            "XXX",
            "ZZZ",
            "en-US",
            "en_US",
            "de-#",
            "UTC",
            "+25:00",
            "+02:00",
            "UTF-8",
            "no such",
            "http://x",
            "http://[",
            "::",
            "a\u0000b",
            "00000000-0000-0000-0000-000000000000",
            "AQID",
            "AQ",
            "%%%",
            "\ud800",
            "\ud83d\ude80",
            "BUY",
            "at-once",
            "999999999-01-01",
            "+999999999-01-01T00:00:00Z");

    private final Random random;
    private final JsonNode root;

    RandomJson(Random random, JsonNode root) {
        this.random = random;
        this.root = root;
    }

    ObjectNode object() {
        return (ObjectNode) value(root, 6);
    }

    /** Returns the object with another value of one member. */
    ObjectNode withOneOther(ObjectNode object) {
        JsonNode properties = root.get("properties");
        List<String> names = new ArrayList<>();
        properties.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        object.set(name, value(properties.get(name), 6));
        return object;
    }

    private JsonNode value(JsonNode schema, int levels) {
        if (schema != root && random.nextInt(40) == 0) {
            return new RandomValues(random).json(2);
        }
        if (schema.has("$ref")) {
            return value(root.at(schema.get("$ref").textValue().substring(1)), levels);
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.has("enum") && random.nextInt(20) > 0) {
            return pick(schema.get("enum"));
        }
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                return value(pick(schema.get(choice)), levels);
            }
        }
        JsonNode type = schema.path("type");
        return switch (type.isArray() ? pick(type).textValue() : type.asText()) {
            case "object" -> object(schema, levels);
            case "array" -> array(schema, levels);
            case "string" ->
                NODES.textNode(
                        schema.has("examples") && random.nextBoolean()
                                ? schema.get("examples").get(0).textValue()
                                : TEXTS.get(random.nextInt(TEXTS.size())));
            case "integer" -> random.nextInt(4) == 0 ? edge(schema) : integer();
            case "number" -> number();
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "null" -> NODES.nullNode();
            default -> new RandomValues(random).json(2);
        };
    }

    private ObjectNode object(JsonNode schema, int levels) {
        ObjectNode object = NODES.objectNode();
        schema.path("properties").properties().forEach(property -> {
            boolean required = false;
            for (JsonNode name : schema.path("required")) {
                required |= name.textValue().equals(property.getKey());
            }
            if (required ? random.nextInt(60) > 0 : levels > 0 && random.nextBoolean()) {
                object.set(property.getKey(), value(property.getValue(), levels - 1));
            }
        });
        if (schema.path("additionalProperties").isObject() && levels > 0) {
            for (int i = random.nextInt(3); i > 0; i--) {
                JsonNode names = schema.path("propertyNames");
                String name =
                        names.has("enum") ? pick(names.get("enum")).asText() : TEXTS.get(random.nextInt(TEXTS.size()));
                object.set(name, value(schema.get("additionalProperties"), levels - 1));
            }
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, int levels) {
        ArrayNode array = NODES.arrayNode();
        for (int i = levels > 0 ? random.nextInt(3) : 0; i > 0; i--) {
            array.add(schema.has("items") ? value(schema.get("items"), levels - 1) : integer());
        }
        return array;
    }

    /** Returns the smallest or largest number, or one beyond it. */
    private JsonNode edge(JsonNode schema) {
        JsonNode bound = schema.path(random.nextBoolean() ? "minimum" : "maximum");
        BigInteger value = bound.isMissingNode()
                ? BigInteger.TWO.pow(random.nextBoolean() ? 31 : 63).negate()
                : bound.bigIntegerValue();
        return NODES.numberNode(value.add(BigInteger.valueOf(random.nextInt(3) - 1)));
    }

    private JsonNode integer() {
        return switch (random.nextInt(8)) {
            case 0 -> NODES.numberNode(Long.MAX_VALUE);
            case 1 -> NODES.numberNode(Integer.MIN_VALUE - 1L);
            case 2 -> NODES.numberNode(BigInteger.TEN.pow(50));
            case 3 -> NODES.numberNode(new BigDecimal("7.0"));
            case 4 -> NODES.numberNode(new BigDecimal("1E+30"));
            default -> NODES.numberNode(random.nextInt(300) - 150);
        };
    }

    private JsonNode number() {
        return switch (random.nextInt(6)) {
            case 0 -> integer();
            case 1 -> NODES.numberNode(new BigDecimal("1E+400"));
            case 2 -> NODES.numberNode(new BigDecimal("1E-400"));
            case 3 -> NODES.numberNode(new BigDecimal("1E+999999999"));
            case 4 -> NODES.numberNode(new BigDecimal("1E+39"));
            default -> NODES.numberNode(new BigDecimal("0.12345678901234567890123456789"));
        };
    }

    private JsonNode pick(JsonNode values) {
        return values.get(random.nextInt(values.size()));
    }
}
