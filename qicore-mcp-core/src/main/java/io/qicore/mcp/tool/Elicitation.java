package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.net.URI;
import java.util.Objects;

/**
 * A question to the user: a form to fill in, or a web page to open. Immutable.
 *
 * <pre>{@code
 * record Confirm(@Schema("Reset the offsets") boolean proceed) {}
 *
 * Elicitation.form("Group billing would read 41 million records again. Continue?", Confirm.class);
 * }</pre>
 *
 * <p>Never ask for passwords, keys or tokens in a form. Use {@link #url} for them.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation">MCP 2026-07-28,
 *     Elicitation</a>
 */
public final class Elicitation {

    private final ObjectNode params;
    private final ClientFeature feature;

    private Elicitation(ObjectNode params, ClientFeature feature) {
        this.params = params;
        this.feature = feature;
    }

    /**
     * Returns a form with one field for each component of a record.
     *
     * @param message the question, shown above the form
     * @param fields a record whose components are strings, numbers, booleans or enums
     * @throws IllegalArgumentException if a component has any other type
     */
    public static Elicitation form(String message, Class<? extends Record> fields) {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(fields, "fields");
        ObjectNode schema = Schemas.forArguments(fields);
        schema.remove("additionalProperties");
        schema.path("properties").properties().forEach(field -> {
            String type = field.getValue().path("type").asText();
            if (type.isEmpty() || type.equals("object") || type.equals("array")) {
                throw new IllegalArgumentException("Field '" + field.getKey() + "' of " + fields.getSimpleName()
                        + " is not a string, number, boolean or enum. A form supports only these.");
            }
        });
        return form(message, schema);
    }

    /**
     * Returns a form with a hand-written schema.
     *
     * @param message the question, shown above the form
     * @param schema the {@code requestedSchema} of MCP: an object whose properties are primitive; copied
     */
    public static Elicitation form(String message, ObjectNode schema) {
        Objects.requireNonNull(message, "message");
        ObjectNode params = Json.object().put("mode", "form").put("message", message);
        params.set("requestedSchema", schema.deepCopy());
        return new Elicitation(params, ClientFeature.ELICITATION_FORM);
    }

    /**
     * Returns a request to open a web page. If the user accepts, they have agreed to open the page; this does not mean
     * that they have completed the steps there.
     *
     * @param message tells the user why to open the page
     * @param page the URL of the page, which must not contain credentials
     */
    public static Elicitation url(String message, URI page) {
        Objects.requireNonNull(message, "message");
        return new Elicitation(
                Json.object().put("mode", "url").put("message", message).put("url", page.toString()),
                ClientFeature.ELICITATION_URL);
    }

    ObjectNode params() {
        return params;
    }

    ClientFeature feature() {
        return feature;
    }
}
