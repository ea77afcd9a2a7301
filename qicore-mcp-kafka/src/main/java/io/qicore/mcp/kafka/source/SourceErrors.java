package io.qicore.mcp.kafka.source;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Makes the errors for a {@code config} that is wrong: {@link KafkaErrorCode#INVALID_PRODUCER_CONFIG}. */
public final class SourceErrors {

    private SourceErrors() {}

    /**
     * Returns the error for a setting whose value is wrong.
     *
     * @param reason completes the sentence that begins with the name of the setting, such as "must be a number"
     */
    public static MCPToolError invalid(String name, String reason) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_PRODUCER_CONFIG, "'" + name + "' " + reason + ".", Map.of("setting", name));
    }

    /**
     * Returns the error for an unknown name.
     *
     * @param what what the name stands for, such as "source type"
     * @param known the valid names, which the error lists
     */
    public static MCPToolError unknown(String what, String name, Collection<String> known) {
        String hint = ClosestName.to(name, known)
                .map(near -> " Did you mean '" + near + "'?")
                .orElse("");
        return new MCPToolError(
                KafkaErrorCode.INVALID_PRODUCER_CONFIG,
                "Unknown " + what + " '" + name + "'. Known: " + String.join(", ", known) + "." + hint,
                Map.of("name", name, "known", List.copyOf(known)));
    }
}
