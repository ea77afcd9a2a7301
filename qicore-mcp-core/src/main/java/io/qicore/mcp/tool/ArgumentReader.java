package io.qicore.mcp.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.json.Numbers;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts the {@code arguments} of a call to the type that the handler takes: fills in defaults, validates against the
 * schema and binds to the record. The validator and the binder are prepared once per tool. Thread-safe.
 */
final class ArgumentReader<A> {

    private static final Logger LOG = LoggerFactory.getLogger(ArgumentReader.class);

    /** A client can repeat a call whose arguments a record refuses. */
    private static final LogLimit STACK_TRACES = new LogLimit(20);

    private static final int MAX_FAULTS = 10;

    private final String tool;
    private final List<String> argumentNames;
    private final boolean rejectsUnknown;
    private final ObjectNode schema;
    private final JsonSchema validator;
    private final Map<String, String> aliases;
    private final Class<A> type;
    private final ObjectReader binder;

    ArgumentReader(String tool, ObjectNode schema, Class<A> type) {
        this(tool, schema, type, Map.of());
    }

    /**
     * Creates a reader.
     *
     * @param aliases the names of arguments by the other names that calls may give them
     */
    ArgumentReader(String tool, ObjectNode schema, Class<A> type, Map<String, String> aliases) {
        this.tool = tool;
        this.aliases = aliases;
        this.argumentNames = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(argumentNames::add);
        this.rejectsUnknown = schema.path("additionalProperties").isBoolean()
                && !schema.path("additionalProperties").booleanValue();
        this.schema = schema;
        this.validator = Schemas.compile(schema);
        this.type = type;
        this.binder = Json.readerFor(type);
    }

    /**
     * Reads the arguments of one call.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} and a message that lists up to
     *     {@value #MAX_FAULTS} faults
     */
    A read(ObjectNode arguments) {
        String number = Numbers.fault(arguments);
        if (number != null) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT, "Invalid arguments for " + tool + ": " + number + ".");
        }
        ObjectNode complete = complete(aliases.isEmpty() ? arguments : renamed(arguments), schema);
        if (rejectsUnknown) {
            rejectUnknown(complete);
        }
        Set<ValidationMessage> faults = validator.validate(complete);
        if (!faults.isEmpty()) {
            throw invalid(faults);
        }
        if (type.isInstance(complete)) {
            return type.cast(complete);
        }
        try {
            return binder.readValue(complete);
        } catch (JsonProcessingException e) {
            throw refused(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the arguments under the names that the schema gives them. */
    private ObjectNode renamed(ObjectNode arguments) {
        ObjectNode renamed = arguments.deepCopy();
        aliases.forEach((alias, argument) -> {
            JsonNode value = renamed.remove(alias);
            if (value == null || value.equals(renamed.get(argument))) {
                return;
            }
            if (renamed.hasNonNull(argument)) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "'" + alias + "' is another name of '" + argument + "' of " + tool + ". Give only '" + argument
                                + "'.",
                        Map.of("argument", alias));
            }
            renamed.set(argument, value);
        });
        return renamed;
    }

    /**
     * Returns a copy of the value with defaults filled in at every depth. Models often send {@code null} for arguments
     * that they want to omit, so a null counts as absent if the property is optional.
     */
    private JsonNode complete(JsonNode value, JsonNode declared) {
        JsonNode schema = value.isContainerNode() ? applicable(value, declared) : declared;
        if (value.isArray() && schema.path("items").isObject()) {
            ArrayNode complete = Json.MAPPER.createArrayNode();
            value.forEach(item -> complete.add(complete(item, schema.get("items"))));
            return complete;
        }
        return value.isObject() ? complete((ObjectNode) value, schema) : value;
    }

    /** Returns the schema that a reference refers to, or the alternative that a member with a constant value selects. */
    private JsonNode applicable(JsonNode value, JsonNode declared) {
        JsonNode reference = declared.get("$ref");
        if (reference != null && reference.asText().startsWith("#")) {
            JsonNode target = resolve(reference.asText().substring(1));
            return target.has("$ref") ? declared : applicable(value, target);
        }
        for (JsonNode alternative : declared.path("oneOf")) {
            for (Map.Entry<String, JsonNode> property :
                    alternative.path("properties").properties()) {
                JsonNode constant = property.getValue().get("const");
                if (constant != null && constant.equals(value.get(property.getKey()))) {
                    return alternative;
                }
            }
        }
        return declared;
    }

    private JsonNode resolve(String pointer) {
        try {
            return schema.at(pointer);
        } catch (IllegalArgumentException notAPointer) {
            // An anchor, which only the validator follows.
            return MissingNode.getInstance();
        }
    }

    private ObjectNode complete(ObjectNode value, JsonNode schema) {
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        ObjectNode complete = Json.object();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode propertySchema = properties.get(member.getKey());
            if (propertySchema == null || !member.getValue().isNull() || isRequired(member.getKey(), schema)) {
                complete.set(
                        member.getKey(), complete(member.getValue(), propertySchema == null ? others : propertySchema));
            }
        }
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            JsonNode defaultValue = property.getValue().get("default");
            if (defaultValue != null && !complete.has(property.getKey())) {
                complete.set(property.getKey(), defaultValue.deepCopy());
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

    private void rejectUnknown(ObjectNode arguments) {
        for (var names = arguments.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!argumentNames.contains(name)) {
                String takes =
                        argumentNames.isEmpty() ? "takes no arguments" : "takes " + String.join(", ", argumentNames);
                String hint = ClosestName.to(name, argumentNames)
                        .map(near -> " Did you mean '" + near + "'?")
                        .orElse("");
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "Unknown argument '" + name + "': " + tool + " " + takes + "." + hint,
                        Map.of("argument", name, "known", argumentNames));
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
                "Invalid arguments for " + tool + ": " + String.join("; ", messages) + ".",
                Map.of("faults", messages));
    }

    /**
     * Returns the error of arguments that are valid by the schema, but not by the Java type: a number too large for its field,
     * a date that does not exist, values that the constructor of the record refuses.
     */
    private MCPToolError refused(JsonProcessingException failure) {
        Throwable own = thrownByTheType(failure);
        if (own instanceof MCPToolError error) {
            return error;
        }
        if (own != null && !(own instanceof IllegalArgumentException)) {
            // Perhaps a check, perhaps a defect: the author has to see it, and the agent gets no internals.
            LOG.warn(
                    "The arguments of {} are refused with {}",
                    tool,
                    LogText.of(own.toString()),
                    STACK_TRACES.allows() ? LogText.of(own) : null);
        }
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "Invalid arguments for " + tool + ": " + describe(failure, own) + ".",
                Map.of(),
                failure);
    }

    /** Returns the exception that a constructor, factory method or setter threw; null if it was Jackson. */
    private static @Nullable Throwable thrownByTheType(JsonProcessingException failure) {
        boolean jacksons = failure instanceof MismatchedInputException || !(failure instanceof JsonMappingException);
        return !jacksons && failure.getCause() instanceof RuntimeException own ? own : null;
    }

    /** Describes a failure without the names of Java classes of this project, which mean nothing to an agent. */
    private static String describe(JsonProcessingException failure, @Nullable Throwable own) {
        String path = failure instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        String detail;
        if (own instanceof IllegalArgumentException && own.getMessage() != null) {
            detail = own.getMessage();
        } else if (own != null) {
            detail = path.isEmpty() ? "the tool does not accept these values" : "is not accepted by the tool";
        } else if (failure.getCause() instanceof InputCoercionException e) {
            detail = e.getOriginalMessage();
        } else if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            detail = "is not a valid " + mismatch.getTargetType().getSimpleName();
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
