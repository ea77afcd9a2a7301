package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogDirs;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.kafka.internal.read.Visibility;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code list_topics}. A call sends two requests, whatever the number of topics, and one to each leading
 * broker if the caller asks for sizes. Only the topics of the page are described.
 */
public final class ListTopicsTool {

    record Arguments(
            @Schema("Name or pattern with * and ?, such as orders-*") @Nullable
            String filter,

            @Schema(value = "Also list Kafka's internal topics", defaultValue = "false")
            boolean includeInternal,

            @Schema(value = "Also return sizes on disk", defaultValue = "false")
            boolean sizes,

            @Schema(value = "Maximum topics on a page", minimum = 1, maximum = 1000, defaultValue = "100")
            int limit,

            @Schema("nextCursor of the previous page; repeat its other arguments") @Nullable
            String cursor) {}

    record Topic(
            @Schema("The name of the topic") String name,
            @Schema("The number of its partitions") int partitions,

            @Schema("The number of replicas of each partition; the smallest if partitions differ")
            int replicationFactor,

            @Schema(
                    "The size on disk of one replica of all partitions, in bytes; only with sizes, absent if a size is not"
                            + " known")
            @Nullable
            Long sizeBytes,

            @Schema("true for an internal topic of Kafka; otherwise absent") @Nullable
            Boolean internal) {}

    record Result(
            @Schema("The topics of this page, sorted by name")
            List<Topic> topics,

            @Schema("The number of matching topics on all pages")
            int count,

            @Schema("The cursor of the next page; absent on the last page") @Nullable
            String nextCursor,

            @Schema("Messages about data that could not be read; the result is incomplete without it") @Nullable
            List<String> warnings) {}

    private ListTopicsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_topics", Arguments.class, Result.class)
                .title("List topics")
                .description("Lists topics with their numbers of partitions and replicas, page by page. For offsets and"
                        + " settings of one topic use get_topic_metadata.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.session(context), args))
                .build();
    }

    private static Result list(AdminSession kafka, Arguments args) {
        PageCursor cursors = PageCursor.of("list_topics", args.filter(), args.includeInternal());
        String after =
                args.cursor() == null ? "" : cursors.read(args.cursor(), 1).get(0);
        NamePatterns filter = args.filter() == null || args.filter().isBlank()
                ? NamePatterns.ALL
                : NamePatterns.of("topics", List.of(args.filter()));
        List<String> matching = Topics.names(kafka, args.includeInternal()).stream()
                .filter(filter::match)
                .toList();
        List<String> rest =
                matching.stream().filter(name -> name.compareTo(after) > 0).toList();
        List<String> page = rest.subList(0, Math.min(args.limit(), rest.size()));
        List<TopicDescription> described = Topics.describeAll(kafka, page);
        Warnings warnings = new Warnings();
        if (matching.isEmpty()) {
            Visibility.explainNoTopics(kafka, warnings);
        }
        Map<TopicPartition, Long> sizes = args.sizes() ? sizes(kafka, described, warnings) : Map.of();
        return new Result(
                described.stream().map(topic -> summary(topic, sizes)).toList(),
                matching.size(),
                page.size() < rest.size() ? cursors.write(List.of(page.get(page.size() - 1))) : null,
                warnings.orNull());
    }

    private static Map<TopicPartition, Long> sizes(
            AdminSession kafka, List<TopicDescription> topics, Warnings warnings) {
        var partitions =
                topics.stream().flatMap(topic -> topic.partitions().stream()).toList();
        return LogDirs.ofLeaders(kafka, partitions).await(warnings).sizes();
    }

    private static Topic summary(TopicDescription topic, Map<TopicPartition, Long> sizes) {
        return new Topic(
                topic.name(),
                topic.partitions().size(),
                Topics.replicationFactor(topic),
                size(topic, sizes),
                Permissions.internal(topic.name()) ? true : null);
    }

    /** Returns the sum of the sizes, or null if one is not known: a partial sum would be mistaken for the size. */
    private static @Nullable Long size(TopicDescription topic, Map<TopicPartition, Long> sizes) {
        long sum = 0;
        for (var partition : topic.partitions()) {
            Long size = sizes.get(new TopicPartition(topic.name(), partition.partition()));
            if (size == null) {
                return null;
            }
            sum += size;
        }
        return sum;
    }
}
