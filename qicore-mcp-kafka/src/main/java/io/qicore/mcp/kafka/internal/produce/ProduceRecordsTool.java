package io.qicore.mcp.kafka.internal.produce;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code produce_records}. All records are encoded and checked before the first one is written.
 *
 * <p>A call that is repeated writes again. To write once, two replicas would need a state that both of them see; the cluster
 * could hold one only as a consumer group or as a transactional id, which would stay there.
 */
public final class ProduceRecordsTool implements PlannedChange<ProduceRecordsTool.Result, RuntimeException> {

    record Arguments(
            @Schema("Topic, which must exist") String topic,

            @Schema(value = "Records", minLength = 1, maxLength = 100)
            List<NewRecord> records,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record NewRecord(
            @Schema("Key: text or JSON") @Nullable JsonNode key,

            @Schema("Value: text or JSON; none writes a tombstone") @Nullable
            JsonNode value,

            @Schema(value = "value is Base64", defaultValue = "false")
            boolean base64,

            @Schema("Headers") @Nullable Map<String, String> headers,

            @Schema(value = "Default: by key", minimum = 0) @Nullable
            Integer partition) {}

    record Written(
            @Schema("The partition; in a preview only if the record names it") @Nullable
            Integer partition,

            @Schema("The offset; absent if the record was not written") @Nullable
            Long offset,

            @Schema("The number of bytes of the key and the value")
            int bytes,

            @Schema("Why the record was not written, or may not have been") @Nullable
            String error) {}

    record Result(
            @Schema("Whether all records were written") boolean success,

            @Schema("The name of the topic") String topic,

            @Schema("The records, in the order of the arguments")
            List<Written> records,

            @Schema("The subject and version of the schema of the keys; absent if there is none") @Nullable
            String keySchema,

            @Schema("The subject and version of the schema of the values; absent if there is none") @Nullable
            String valueSchema,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next) {}

    private final AdminSession kafka;
    private final RecordProducers producers;
    private final TopicDescription topic;
    private final EncodedRecords records;
    private final boolean deletes;

    private ProduceRecordsTool(
            AdminSession kafka, RecordProducers producers, @Nullable RegistryClient registry, Arguments args) {
        this.kafka = kafka;
        this.producers = producers;
        kafka.permissions().requireChangeableTopic(args.topic());
        this.topic = Topics.describe(kafka, args.topic());
        Topics.requireAccess(kafka, topic, AclOperation.WRITE, writing(topic.name()));
        this.records = EncodedRecords.of(topic, args.records(), registry);
        this.deletes = records.hasTombstone() && isCompacted();
    }

    /** Makes the tool. */
    public static MCPTool tool(AdminHandle handle, RecordProducers producers, @Nullable RegistryClient registry) {
        return MCPTool.builder("produce_records", Arguments.class, Result.class)
                .title("Produce records")
                .description(
                        "Writes up to 100 records, 256 KB in all, to an existing topic, and returns the partition and"
                                + " offset of each. "
                                + (registry == null
                                        ? ""
                                        : "A value or key is encoded with the latest schema of TOPIC-value or TOPIC-key, if the"
                                                + " registry has one. ")
                                + "Nothing is written if one record is refused. A repeated call writes the records again.")
                .annotations(ToolAnnotations.additive())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    // A second barrier; the tool is not offered in read-only mode.
                    kafka.writer();
                    return kafka.confirmation()
                            .run(
                                    new ProduceRecordsTool(kafka, producers, registry, args),
                                    args.dryRun(),
                                    args.planHash(),
                                    context);
                })
                .build();
    }

    @Override
    public String hash() {
        return PlanHash.of("produce_records", topic.name(), topic.topicId().toString(), records.digest());
    }

    /** Returns whether a tombstone deletes a key for good. */
    @Override
    public boolean isDestructive() {
        return deletes;
    }

    @Override
    public String question() {
        return "Write " + records.size() + " records to topic '" + topic.name() + "'?"
                + (deletes ? " The topic is compacted, and records without a value delete their keys for good." : "");
    }

    @Override
    public Result preview(String planHash, String next) {
        return result(
                false,
                records.all().stream()
                        .map(record -> new Written(record.partition(), null, EncodedRecords.size(record), null))
                        .toList(),
                planHash,
                next);
    }

    @Override
    public Result apply() {
        List<Written> written = producers.write(kafka, writing(topic.name()), records.all());
        return result(written.stream().allMatch(record -> record.offset() != null), written, null, null);
    }

    private Result result(boolean success, List<Written> written, @Nullable String planHash, @Nullable String next) {
        return new Result(success, topic.name(), written, records.keySchema(), records.valueSchema(), planHash, next);
    }

    private boolean isCompacted() {
        ConfigEntry policy = TopicConfigs.request(kafka, List.of(topic.name()))
                .await(topic.name())
                .get(TopicConfig.CLEANUP_POLICY_CONFIG);
        return policy != null && Arrays.asList(policy.value().split(",")).contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static KafkaOperation writing(String topic) {
        return KafkaOperation.toChange(
                "write to topic '" + topic + "'", Map.of("topic", topic), Access.toTopic(AclOperation.WRITE, topic));
    }
}
