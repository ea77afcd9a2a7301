package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks the answer to a form of a server. */
final class FormCheck {

    /** The formats that forms may have. Addresses of mail only roughly: names of hosts within a company have no known ending. */
    private static final Map<String, Predicate<String>> FORMATS = Map.of(
            "email", text -> text.matches("[^@\\s]+@[^@\\s]+"),
            "uri", text -> URI.create(text).isAbsolute(),
            "date", text -> LocalDate.parse(text).toString().equals(text),
            "date-time", text -> OffsetDateTime.parse(text).getYear() >= 0);

    private FormCheck() {}

    /**
     * Returns what does not match the form; empty if all does.
     *
     * @throws IllegalArgumentException if the schema of the form cannot be used
     */
    static Optional<String> fault(ObjectNode schema, ObjectNode answer) {
        Optional<String> fault = ForeignSchema.of(schema).fault(answer);
        return fault.isPresent()
                ? fault
                : answer.properties().stream()
                        .filter(field -> !hasFormat(
                                field.getValue(),
                                schema.path("properties").path(field.getKey()).path("format")))
                        .map(field -> field.getKey() + " is not in the format "
                                + schema.get("properties")
                                        .get(field.getKey())
                                        .get("format")
                                        .asText())
                        .findFirst();
    }

    private static boolean hasFormat(JsonNode value, JsonNode format) {
        Predicate<String> known = FORMATS.get(format.asText());
        if (known == null || !value.isTextual()) {
            return true;
        }
        try {
            return known.test(value.textValue());
        } catch (RuntimeException notParsed) {
            return false;
        }
    }
}
