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

/** Makes the resources of the servers. A resource has the same content as the answer of a tool and needs the same permissions. */
public final class KafkaResources {

    private static final String JSON = "application/json";

    private KafkaResources() {}

    /** Makes {@code kafka://topics/{topic}}: the answer of {@code get_topic_metadata} with its details. */
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
     * Makes {@code kafka://groups/{group}/lag}: the answer of {@code get_consumer_lag} for a group. Subscribers are notified
     * when the lag crosses the threshold. {@code kafka://groups/{group}/lag?threshold={threshold}} is the same with a
     * threshold of the subscriber's own.
     *
     * @param threshold the default threshold, in offsets
     */
    public static List<MCPResource> lag(AdminHandle handle, LagSampleCodec samples, LagWatch watch, long threshold) {
        return List.of(
                lag(
                        handle,
                        samples,
                        watch,
                        threshold,
                        MCPResource.template("kafka://groups/{group}/lag", "group-lag")
                                .title("Consumer lag")
                                .description(
                                        "How many offsets a consumer group lags behind, by partition. Subscribers are"
                                                + " notified when the lag rises above " + threshold
                                                + " offsets, and when it falls to four fifths of that.")),
                lag(
                        handle,
                        samples,
                        watch,
                        threshold,
                        MCPResource.template("kafka://groups/{group}/lag?threshold={threshold}", "group-lag-threshold")
                                .title("Consumer lag with a threshold")
                                .description(
                                        "How many offsets a consumer group lags behind, by partition. Subscribers are"
                                                + " notified when the lag rises above this number of offsets, and when it"
                                                + " falls to four fifths of that.")));
    }

    private static MCPResource lag(
            AdminHandle handle,
            LagSampleCodec samples,
            LagWatch watch,
            long defaultThreshold,
            MCPResource.Builder builder) {
        builder.mimeType(JSON).completer("group", NameCompletion.groups(handle)).reader((uri, variables, context) -> {
            if (threshold(variables, defaultThreshold) < 0) {
                return ResourceResult.notFound();
            }
            return read(
                    variables.get("group"),
                    context,
                    (group, request) -> GetConsumerLagTool.measure(
                            handle, samples, request, GetConsumerLagTool.Arguments.ofGroup(group)));
        });
        MCPResource unwatched = builder.build();
        return builder.watcher((uri, caller, changed) -> {
                    Map<String, String> variables = unwatched.match(uri).orElseThrow();
                    String group = variables.get("group");
                    long threshold = threshold(variables, defaultThreshold);
                    // A group that the policy or the caller's limits hide is treated like one that does not exist:
                    // nobody is ever notified.
                    return threshold < 0 || !handle.permissions(caller).group(group)
                            ? () -> {}
                            : watch.watch(caller, group, threshold, changed);
                })
                .build();
    }

    /** Returns the threshold in a URI, or the default; a negative number if the URI's is not a number of records. */
    private static long threshold(Map<String, String> variables, long defaultThreshold) {
        String given = variables.get("threshold");
        if (given == null) {
            return defaultThreshold;
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
            // What the policy hides must look as if it did not exist.
            if (e.is(KafkaErrorCode.TOPIC_NOT_FOUND)
                    || e.is(KafkaErrorCode.GROUP_NOT_FOUND)
                    || e.is(KafkaErrorCode.NOT_ALLOWED)) {
                return ResourceResult.notFound();
            }
            throw e;
        }
    }
}
