package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.net.URI;

/**
 * A question to the user of a client: a form, or a page to open. Immutable.
 *
 * <pre>{@code
 * record Confirm(@Schema("Reset the offsets") boolean proceed) {}
 *
 * Elicitation.form("Group billing would read 41 million records again. Go on?", Confirm.class);
 * }</pre>
 *
 * <p>Never ask for passwords, keys or tokens in a form; that is what {@link #url} is for.
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
     * A form with one field for each component of a record: texts, numbers, booleans and enums.
     *
     * @throws IllegalArgumentException if a component is something else
     */
    public static Elicitation form(String message, Class<? extends Record> fields) {
        ObjectNode schema = Schemas.forArguments(fields);
        schema.remove("additionalProperties");
        schema.path("properties").properties().forEach(field -> {
            String type = field.getValue().path("type").asText();
            if (type.isEmpty() || type.equals("object") || type.equals("array")) {
                throw new IllegalArgumentException("Field '" + field.getKey() + "' of " + fields.getSimpleName()
                        + " is no text, number, boolean or enum: a form has no other fields.");
            }
        });
        return form(message, schema);
    }

    /**
     * A form with a hand-written schema: a flat object of primitive properties.
     *
     * @param schema what MCP calls {@code requestedSchema}; copied
     */
    public static Elicitation form(String message, ObjectNode schema) {
        ObjectNode params = Json.object().put("mode", "form").put("message", message);
        params.set("requestedSchema", schema.deepCopy());
        return new Elicitation(params, ClientFeature.ELICITATION_FORM);
    }

    /**
     * A page for the user to open, which must carry no credentials. The client's answer means consent to open it, not
     * that the user has done what is to be done there.
     */
    public static Elicitation url(String message, URI page) {
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
