package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the prompts of the servers. A prompt names only tools that its server offers: if the policy does not allow the
 * tool of a step, the prompt does not have that step.
 */
public final class KafkaPrompts {

    private record Step(String tool, String text) {}

    private static final List<Step> DIAGNOSIS = List.of(
            new Step(
                    "get_consumer_lag",
                    "get_consumer_lag with groupId, details and age: how large is the lag, on which partitions, and"
                            + " how old are the unread records? Call it again after some seconds with the sample of the"
                            + " first answer: does the lag grow or shrink?"),
            new Step("explain_lag", "explain_lag: what are the causes, and which numbers show them?"),
            new Step(
                    "describe_consumer_group",
                    "describe_consumer_group: which member consumes which partition, and are there members at all?"),
            new Step(
                    "find_open_transactions",
                    "find_open_transactions on the topics of the group: does a hanging transaction hold back"
                            + " read_committed consumers?"),
            new Step(
                    "get_topic_metadata",
                    "get_topic_metadata of the topics with lag: will retention delete records before they are read?"),
            new Step("get_cluster_health", "get_cluster_health: are partitions offline or brokers missing?"));

    private static final List<Step> PLAN = List.of(
            new Step(
                    "get_cluster_health",
                    "get_cluster_health: how many brokers are there, and how much disk space is free?"),
            new Step("list_topics", "list_topics: does such a topic already exist, and how are the others named?"),
            new Step(
                    "get_topic_metadata",
                    "get_topic_metadata of a similar topic, with details: which partitions and settings does it have?"),
            new Step("create_topic", "create_topic with validateOnly: would the cluster accept the topic?"));

    private KafkaPrompts() {}

    /**
     * Makes {@code diagnose_consumer_lag}, which finds the cause of the lag of a group.
     *
     * @param offered the names of the tools that the server offers
     */
    public static MCPPrompt diagnoseLag(AdminHandle handle, Set<String> offered) {
        return MCPPrompt.builder("diagnose_consumer_lag")
                .title("Diagnose consumer lag")
                .description("Finds out why a consumer group lags behind and what to do about it")
                .argument("groupId", "Consumer group", true)
                .argument("topic", "Topic to look at; by default all topics of the group", false)
                .completer("groupId", NameCompletion.groups(handle))
                .completer("topic", NameCompletion.topics(handle))
                .handler((arguments, context) -> PromptResult.user("Find out why the Kafka consumer group '"
                        + arguments.get("groupId")
                        + "' lags behind" + optional(" on topic '", arguments.get("topic"), "'")
                        + ", and what to do about it. Only read; change nothing.\n\n" + steps(DIAGNOSIS, offered)
                        + "\n\nThen answer with the cause, the numbers that show it, the time until the group has"
                        + " caught up or records are lost, and one next step. Say what you could not find out."))
                .build();
    }

    /**
     * Makes {@code plan_topic}, which plans a new topic.
     *
     * @param offered the names of the tools that the server offers
     */
    public static MCPPrompt planTopic(Set<String> offered) {
        return MCPPrompt.builder("plan_topic")
                .title("Plan a topic")
                .description("Plans the partitions, replicas and retention of a new topic")
                .argument("purpose", "What is written to it and who reads it", true)
                .argument("throughput", "Such as 5 MB/s or 2000 records/s at peak", false)
                .argument("retention", "How long records are needed", false)
                .handler((arguments, context) -> PromptResult.user("Plan a new Kafka topic. Purpose: "
                        + arguments.get("purpose") + "." + given("Peak throughput", arguments, "throughput")
                        + given("Retention", arguments, "retention") + "\n\n" + steps(PLAN, offered) + """


                        Decide on each of these and give a reason:
                        - name: follow the convention of the other topics
                        - partitions: the peak throughput divided by the throughput of one consumer, and at least the\
                         number of consumers that are to work in parallel. Leave room to grow: adding partitions later\
                         moves keys to other partitions
                        - key: records that must stay in order need the same key
                        - replicationFactor: 3, with min.insync.replicas 2, if there are three brokers
                        - retention.ms and cleanup.policy, and the disk space for throughput x retention x replicas

                        Show the topic with its settings and wait for a yes before you create it."""))
                .build();
    }

    private static String steps(List<Step> steps, Set<String> offered) {
        List<String> texts = steps.stream()
                .filter(step -> offered.contains(step.tool()))
                .map(Step::text)
                .toList();
        return texts.isEmpty()
                ? "This server does not offer a tool that helps with that."
                : texts.stream().map(text -> "- " + text).collect(Collectors.joining("\n", "Steps:\n", ""));
    }

    private static String given(String label, Map<String, String> arguments, String name) {
        return optional(" " + label + ": ", arguments.get(name), ".");
    }

    private static String optional(String before, @Nullable String value, String after) {
        return value == null || value.isBlank() ? "" : before + value + after;
    }
}
