package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import java.util.Set;

/** Checks what a tool returns against what it promises. Thread-safe. */
public final class ResultChecker {

    private final String tool;
    private final JsonSchema validator;

    public ResultChecker(String tool, ObjectNode schema) {
        this.tool = tool;
        this.validator = Schemas.compile(schema);
    }

    /**
     * Checks one result.
     *
     * @throws IllegalStateException that names the first fault
     */
    public void check(JsonNode result) {
        Set<ValidationMessage> faults = validator.validate(result);
        if (!faults.isEmpty()) {
            throw new IllegalStateException("The result of " + tool + " does not fit its output schema: "
                    + faults.iterator().next().getMessage());
        }
    }
}
