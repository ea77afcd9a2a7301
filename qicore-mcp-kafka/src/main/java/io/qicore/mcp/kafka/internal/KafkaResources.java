package io.qicore.mcp.kafka.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.qicore.mcp.interaction.RequestContext;
import io.qicore.mcp.json.Json;
import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.tool.MCPToolError;
import java.util.function.BiFunction;

/** What clients can read without calling a tool: the same answers, for the same permissions. */
public final class KafkaResources {

    private static final String JSON = "application/json";

    private KafkaResources() {}

    /** {@code kafka://topics/{topic}}: what {@code get_topic_metadata} answers, with sizes and times. */
    public static MCPResource topic(AdminHandle handle) {
        return MCPResource.template("kafka://topics/{topic}", "topic")
                .title("Kafka topic")
                .description("Partitions, offsets, size, time span and configuration of a topic")
                .mimeType(JSON)
                .completer("topic", Names.topics(handle))
                .reader((uri, variables, context) -> read(
                        variables.get("topic"),
                        context,
                        (topic, request) -> GetTopicMetadata.describe(
                                handle.session(request), new GetTopicMetadata.Args(topic, true, 200))))
                .build();
    }

    /** {@code kafka://groups/{group}/lag}: what {@code get_consumer_lag} answers for a group. */
    public static MCPResource lag(AdminHandle handle) {
        return MCPResource.template("kafka://groups/{group}/lag", "group-lag")
                .title("Consumer lag")
                .description("How far a consumer group is behind, by partition")
                .mimeType(JSON)
                .completer("group", Names.groups(handle))
                .reader((uri, variables, context) -> read(
                        variables.get("group"),
                        context,
                        (group, request) ->
                                GetConsumerLag.measure(handle, request, GetConsumerLag.Args.ofGroup(group))))
                .build();
    }

    private static ResourceResult read(
            String name, RequestContext context, BiFunction<String, RequestContext, Object> reading)
            throws JsonProcessingException {
        try {
            return ResourceResult.text(Json.MAPPER.writeValueAsString(reading.apply(name, context)));
        } catch (MCPToolError e) {
            // What the policy hides is not there.
            if (e.is(KafkaErrorCode.TOPIC_NOT_FOUND)
                    || e.is(KafkaErrorCode.GROUP_NOT_FOUND)
                    || e.is(KafkaErrorCode.NOT_ALLOWED)) {
                return ResourceResult.notFound();
            }
            throw e;
        }
    }
}
