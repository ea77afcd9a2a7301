package io.qicore.mcp.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns the {@code arguments} of a call into what its handler takes: fills in defaults, validates, binds. Everything
 * that depends on the tool alone is prepared once. Thread-safe.
 */
final class ArgumentReader<A> {

    private static final int MAX_FAULTS = 10;

    private final String tool;
    private final List<String> known;
    private final boolean closed;
    private final ObjectNode schema;
    private final JsonSchema validator;
    private final Class<A> type;
    private final ObjectReader binder;

    ArgumentReader(String tool, ObjectNode schema, Class<A> type) {
        this.tool = tool;
        this.known = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(known::add);
        this.closed = schema.path("additionalProperties").isBoolean()
                && !schema.path("additionalProperties").booleanValue();
        this.schema = schema;
        this.validator = Schemas.compile(schema);
        this.type = type;
        this.binder = Json.MAPPER.readerFor(type);
    }

    /**
     * Reads the arguments of one call.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} that names every fault
     */
    A read(ObjectNode arguments) {
        ObjectNode complete = complete(arguments, schema);
        if (closed) {
            refuseUnknown(complete);
        }
        Set<ValidationMessage> faults = faults(complete);
        if (!faults.isEmpty()) {
            throw invalid(faults);
        }
        if (type.isInstance(complete)) {
            return type.cast(complete);
        }
        try {
            return binder.readValue(complete);
        } catch (JsonProcessingException e) {
            // The schema admitted it, the type does not: a number too large for its field, a date that does not exist.
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Invalid arguments of " + tool + ": " + describe(e) + ".",
                    Map.of(),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<ValidationMessage> faults(JsonNode arguments) {
        try {
            return validator.validate(arguments);
        } catch (NumberFormatException e) {
            // 1e400 is JSON, but no number that a Java program can compare with another.
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Invalid arguments of " + tool + ": a number is out of the range of a 64-bit float.",
                    Map.of(),
                    e);
        }
    }

    /**
     * Adds defaults, at every depth. Models often send {@code null} for what they leave out; an optional null counts as
     * absent.
     */
    private static JsonNode complete(JsonNode value, JsonNode schema) {
        if (value.isArray() && schema.path("items").isObject()) {
            ArrayNode complete = Json.MAPPER.createArrayNode();
            value.forEach(item -> complete.add(complete(item, schema.get("items"))));
            return complete;
        }
        return value.isObject() ? complete((ObjectNode) value, schema) : value;
    }

    private static ObjectNode complete(ObjectNode value, JsonNode schema) {
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        ObjectNode complete = Json.object();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode own = properties.get(member.getKey());
            if (own == null || !member.getValue().isNull() || isRequired(member.getKey(), schema)) {
                complete.set(member.getKey(), complete(member.getValue(), own == null ? others : own));
            }
        }
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            JsonNode byDefault = property.getValue().get("default");
            if (byDefault != null && !complete.has(property.getKey())) {
                complete.set(property.getKey(), byDefault.deepCopy());
            }
        }
        return complete;
    }

    private static boolean isRequired(String name, JsonNode schema) {
        for (JsonNode required : schema.path("required")) {
            if (name.equals(required.textValue())) {
                return true;
            }
        }
        return false;
    }

    private void refuseUnknown(ObjectNode arguments) {
        for (var names = arguments.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                String takes = known.isEmpty() ? "takes no arguments" : "takes " + String.join(", ", known);
                String hint = ClosestName.to(name, known)
                        .map(near -> " Did you mean '" + near + "'?")
                        .orElse("");
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "Unknown argument '" + name + "': " + tool + " " + takes + "." + hint,
                        Map.of("argument", name, "known", known));
            }
        }
    }

    private MCPToolError invalid(Set<ValidationMessage> faults) {
        List<String> messages = new ArrayList<>();
        for (ValidationMessage fault : faults) {
            if (messages.size() == MAX_FAULTS) {
                messages.add((faults.size() - MAX_FAULTS) + " more");
                break;
            }
            messages.add(describe(fault));
        }
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "Invalid arguments of " + tool + ": " + String.join("; ", messages) + ".",
                Map.of("faults", messages));
    }

    /** Without the names of our classes, which say nothing to an agent. */
    private static String describe(JsonProcessingException failure) {
        String path = failure instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        String detail;
        if (failure instanceof ValueInstantiationException
                && failure.getCause() instanceof IllegalArgumentException e) {
            // The record's own check.
            detail = String.valueOf(e.getMessage());
        } else if (failure.getCause() instanceof InputCoercionException e) {
            detail = e.getOriginalMessage();
        } else if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            detail = "is no " + mismatch.getTargetType().getSimpleName();
        } else {
            detail = "cannot be read";
        }
        return path.isEmpty() ? detail : "'" + path + "' " + detail;
    }

    private static String describe(ValidationMessage fault) {
        String path =
                fault.getInstanceLocation().toString().replaceFirst("^/", "").replace('/', '.');
        if (fault.getType().equals("required")) {
            return "'" + (path.isEmpty() ? "" : path + ".") + fault.getProperty() + "' is required";
        }
        String text = fault.getMessage();
        String detail = text.substring(text.indexOf(": ") + 1).trim();
        return path.isEmpty() ? detail : "'" + path + "' " + detail;
    }
}
