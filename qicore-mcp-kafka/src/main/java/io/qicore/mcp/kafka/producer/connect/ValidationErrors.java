package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the errors that the plugin finds in a config into those that a tool has. */
final class ValidationErrors {

    /** The plugin writes the code of an error before its message. */
    private static final Pattern CODED = Pattern.compile("([A-Z_]+): (.*)", Pattern.DOTALL);

    private static final Logger log = LoggerFactory.getLogger(ValidationErrors.class);

    private ValidationErrors() {}

    static MCPToolError of(String property, String error) {
        if (!property.startsWith("source.")) {
            // The operator has set it, and its value can be in the error.
            log.warn("Kafka Connect refuses the property {} of the connectors of producers: {}", property, error);
            return new MCPToolError(
                    KafkaErrorCode.CONNECT_ERROR,
                    "Kafka Connect refuses the property '" + property
                            + "', which the operator of this server has set; the log has the reason.",
                    Map.of("property", property));
        }
        Matcher coded = CODED.matcher(error);
        if (coded.matches()) {
            String name = coded.group(1);
            return Stream.concat(
                            Arrays.stream(KafkaErrorCode.values()).map(code -> (ErrorCode) code),
                            Arrays.stream(StandardErrorCode.values()))
                    .filter(code -> code.name().equals(name))
                    .findFirst()
                    .map(code -> new MCPToolError(code, coded.group(2)))
                    .orElseGet(() -> invalid(property, error));
        }
        return invalid(property, error);
    }

    private static MCPToolError invalid(String property, String error) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_PRODUCER_CONFIG,
                "The plugin on Kafka Connect refused '" + property + "': " + error,
                Map.of("property", property));
    }
}
