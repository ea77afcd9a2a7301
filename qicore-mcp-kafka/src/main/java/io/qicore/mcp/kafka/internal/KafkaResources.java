package io.qicore.mcp.kafka.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.lag.GetConsumerLagTool;
import io.qicore.mcp.kafka.internal.lag.LagSampleCodec;
import io.qicore.mcp.kafka.internal.lag.LagWatch;
import io.qicore.mcp.kafka.internal.topic.GetTopicMetadataTool;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.util.List;
import java.util.Map;
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
                .completer("topic", NameCompletion.topics(handle))
                .reader((uri, variables, context) -> read(
                        variables.get("topic"),
                        context,
                        (topic, request) -> GetTopicMetadataTool.describe(
                                handle.session(request), new GetTopicMetadataTool.Arguments(topic, true, 200))))
                .build();
    }

    /**
     * {@code kafka://groups/{group}/lag}: what {@code get_consumer_lag} answers for a group. Subscribers are told when it
     * crosses the policy's threshold, or that in {@code kafka://groups/{group}/lag?threshold={threshold}}.
     */
    public static List<MCPResource> lag(AdminHandle handle, LagWatch watch) {
        long threshold = handle.policy().lagThreshold();
        LagSampleCodec samples = LagSampleCodec.of(handle.policy());
        return List.of(
                lag(
                        handle,
                        samples,
                        watch,
                        MCPResource.template("kafka://groups/{group}/lag", "group-lag")
                                .title("Consumer lag")
                                .description("How far a consumer group is behind, by partition. Subscribers are told"
                                        + " when the lag rises above " + threshold
                                        + " records, and when it has fallen again.")),
                lag(
                        handle,
                        samples,
                        watch,
                        MCPResource.template("kafka://groups/{group}/lag?threshold={threshold}", "group-lag-threshold")
                                .title("Consumer lag with a threshold")
                                .description("The same. Subscribers are told when the lag rises above this number of"
                                        + " records, and when it has fallen again.")));
    }

    private static MCPResource lag(
            AdminHandle handle, LagSampleCodec samples, LagWatch watch, MCPResource.Builder builder) {
        builder.mimeType(JSON).completer("group", NameCompletion.groups(handle)).reader((uri, variables, context) -> {
            if (threshold(handle, variables) < 0) {
                return ResourceResult.notFound();
            }
            return read(
                    variables.get("group"),
                    context,
                    (group, request) -> GetConsumerLagTool.measure(
                            handle, samples, request, GetConsumerLagTool.Arguments.ofGroup(group)));
        });
        MCPResource unwatched = builder.build();
        return builder.watcher((uri, changed) -> {
                    Map<String, String> variables = unwatched.match(uri).orElseThrow();
                    String group = variables.get("group");
                    long threshold = threshold(handle, variables);
                    // What the policy hides is not there: like to a group that does not exist, nothing happens to it.
                    return threshold < 0 || !handle.policy().allowsGroup(group)
                            ? () -> {}
                            : watch.watch(group, threshold, changed);
                })
                .build();
    }

    /** The threshold of a URI, or the policy's; negative for one that is no number of records. */
    private static long threshold(AdminHandle handle, Map<String, String> variables) {
        String given = variables.get("threshold");
        if (given == null) {
            return handle.policy().lagThreshold();
        }
        try {
            return Long.parseLong(given);
        } catch (NumberFormatException e) {
            return -1;
        }
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
