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
 * What a user can ask for with one click. A prompt names only tools that its server offers: a step whose tool the policy
 * leaves out is left out, too.
 */
public final class KafkaPrompts {

    private record Step(String tool, String text) {}

    private static final List<Step> DIAGNOSIS = List.of(
            new Step(
                    "get_consumer_lag",
                    "get_consumer_lag with groupId, details and age: how much, where, how old. Call it again after"
                            + " some seconds with the sample of the first answer: growing or draining?"),
            new Step("explain_lag", "explain_lag: causes, with their numbers."),
            new Step("describe_consumer_group", "describe_consumer_group: who works on which partition, or nobody?"),
            new Step(
                    "find_open_transactions",
                    "find_open_transactions on the topics of the group: a hanging one holds back read_committed"
                            + " consumers."),
            new Step("get_topic_metadata", "get_topic_metadata of the topics that lag: is retention about to win?"),
            new Step("get_cluster_health", "get_cluster_health: are partitions offline or brokers missing?"));

    private static final List<Step> PLAN = List.of(
            new Step("get_cluster_health", "get_cluster_health: how many brokers, how much free disk?"),
            new Step("list_topics", "list_topics: is there such a topic already, and how are the others named?"),
            new Step(
                    "get_topic_metadata",
                    "get_topic_metadata of a similar topic, with details: what do its partitions and settings say?"),
            new Step("create_topic", "create_topic with validateOnly: would the cluster accept it?"));

    private KafkaPrompts() {}

    /**
     * {@code diagnose_consumer_lag}.
     *
     * @param offered names of the tools of the server
     */
    public static MCPPrompt diagnoseLag(AdminHandle handle, Set<String> offered) {
        return MCPPrompt.builder("diagnose_consumer_lag")
                .title("Diagnose consumer lag")
                .description("Finds out why a consumer group is behind and what to do")
                .argument("groupId", "Consumer group", true)
                .argument("topic", "Only on this topic", false)
                .completer("groupId", NameCompletion.groups(handle))
                .completer("topic", NameCompletion.topics(handle))
                .handler((arguments, context) -> PromptResult.user("Find out why the Kafka consumer group '"
                        + arguments.get("groupId")
                        + "' is behind" + optional(" on topic '", arguments.get("topic"), "'")
                        + ", and what to do about it. Look only; change nothing.\n\n" + steps(DIAGNOSIS, offered)
                        + "\n\nThen answer: the cause, the numbers that show it, how long until it is caught up"
                        + " or data is lost, and one next step. Say what you could not find out."))
                .build();
    }

    /**
     * {@code plan_topic}.
     *
     * @param offered names of the tools of the server
     */
    public static MCPPrompt planTopic(Set<String> offered) {
        return MCPPrompt.builder("plan_topic")
                .title("Plan a topic")
                .description("Plans partitions, replicas and retention of a new topic")
                .argument("purpose", "What is written to it and who reads it", true)
                .argument("throughput", "Such as 5 MB/s or 2000 records/s at peak", false)
                .argument("retention", "How long records are needed", false)
                .handler((arguments, context) -> PromptResult.user("Plan a new Kafka topic. Purpose: "
                        + arguments.get("purpose") + "." + given("Peak throughput", arguments, "throughput")
                        + given("Retention", arguments, "retention") + "\n\n" + steps(PLAN, offered) + """


                        Decide and give a reason for each:
                        - name, in the convention of the other topics
                        - partitions: peak throughput by what one consumer manages, at least as many as consumers are to\
                         work at once, with room to grow: keys move to other partitions when it is raised later
                        - key: what has to stay in order has to share it
                        - replicationFactor 3 and min.insync.replicas 2 if there are three brokers
                        - retention.ms, cleanup.policy, and the disk that throughput x retention x replicas takes

                        Show the topic with its settings and wait for a yes before it is created."""))
                .build();
    }

    private static String steps(List<Step> steps, Set<String> offered) {
        List<String> texts = steps.stream()
                .filter(step -> offered.contains(step.tool()))
                .map(Step::text)
                .toList();
        return texts.isEmpty()
                ? "No tool of this server helps with that."
                : texts.stream().map(text -> "- " + text).collect(Collectors.joining("\n", "Steps:\n", ""));
    }

    private static String given(String label, Map<String, String> arguments, String name) {
        return optional(" " + label + ": ", arguments.get(name), ".");
    }

    private static String optional(String before, @Nullable String value, String after) {
        return value == null || value.isBlank() ? "" : before + value + after;
    }
}
