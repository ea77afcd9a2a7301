package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.argument.ConfigValues;
import io.qicore.mcp.kafka.internal.name.UnknownName;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code alter_topic_config}. The change is incremental: settings that are not named stay as they are. The
 * brokers validate it before it is planned.
 */
public final class AlterTopicConfigTool implements PlannedChange<AlterTopicConfigTool.Result, RuntimeException> {

    record Arguments(
            @Schema("Topic name") String topic,

            @Schema("New values by setting name") @Nullable Map<String, Object> set,

            @Schema("Names of settings to return to their default") @Nullable
            List<String> reset,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Change(
            @Schema("The name of the setting") String name,

            @Schema("The value before the change; absent if there was none") @Nullable
            String from,

            @Schema("The value after the change; absent if there is none") @Nullable
            String to) {}

    record Result(
            @Schema("Whether the change was made") boolean success,

            @Schema("The name of the topic") String topic,

            @Schema("The settings that change; empty if all of them already have the requested values")
            List<Change> changes,

            @Schema("The records that expire because of a lower retention; absent if the retention is not lowered")
            RetentionChange.@Nullable Expiring expiring,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Schema("Problems that the change causes, and data that could not be read") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final Warnings warnings = new Warnings();
    private final List<AlterConfigOp> operations = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final RetentionChange.@Nullable Expiring expiring;
    private final boolean deletesRecords;

    private AlterTopicConfigTool(AdminSession kafka, Arguments args, Clock clock) {
        this.kafka = kafka;
        this.topic = Topics.describe(kafka, args.topic());
        Map<String, ConfigEntry> configs =
                TopicConfigs.request(kafka, List.of(args.topic())).await(args.topic());
        plan(args, configs);
        if (changes.isEmpty()) {
            this.expiring = null;
            this.deletesRecords = false;
            return;
        }
        alter(true);
        RetentionChange retention = retention(configs);
        this.expiring = retention.preview(kafka, topic, clock.millis(), warnings);
        this.deletesRecords = expiring != null || retention.startsCompaction();
        warnOfMinIsr();
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("alter_topic_config", Arguments.class, Result.class)
                .title("Change topic configuration")
                .description(
                        "Changes settings of a topic; settings that are not named stay as they are. A lower retention"
                                + " and compaction delete records: use dryRun to see how many. Example: {\"topic\": \"orders\","
                                + " \"set\": {\"retention.ms\": 3600000}, \"reset\": [\"segment.ms\"]}")
                .annotations(ToolAnnotations.destructive().idempotent())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    kafka.permissions().requireChangeableTopic(args.topic());
                    var change = new AlterTopicConfigTool(kafka, args, Clock.systemUTC());
                    return kafka.confirmation().run(change, args.dryRun(), args.planHash(), context);
                })
                .build();
    }

    @Override
    public String hash() {
        return PlanHash.of("alter_topic_config", topic.name(), topic.topicId().toString(), changes);
    }

    /** Returns whether the change deletes records, by a lower retention or by compaction. */
    @Override
    public boolean isDestructive() {
        return deletesRecords;
    }

    @Override
    public String question() {
        String list = changes.stream()
                .map(change -> change.name() + " from " + change.from() + " to " + change.to())
                .collect(Collectors.joining(", "));
        return "Change the configuration of topic '" + topic.name() + "': " + list + "?"
                + (expiring == null
                        ? ""
                        : " Up to " + expiring.records() + " of " + expiring.ofRecords() + " records would expire.");
    }

    @Override
    public Result preview(String planHash, String next) {
        return result(false, planHash, next);
    }

    @Override
    public Result apply() {
        if (!changes.isEmpty()) {
            alter(false);
        }
        return result(true, null, null);
    }

    private void plan(Arguments args, Map<String, ConfigEntry> configs) {
        Map<String, String> set = args.set() == null ? Map.of() : ConfigValues.texts(args.set());
        List<String> reset = args.reset() == null ? List.of() : args.reset();
        if (set.isEmpty() && reset.isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Nothing to change: give set, such as {\"retention.ms\": 3600000}, or reset.",
                    Map.of("topic", args.topic()));
        }
        set.forEach((name, value) -> plan(name, OpType.SET, known(configs, name), value));
        for (String name : reset) {
            if (set.containsKey(name)) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "'" + name + "' is both in set and in reset. Give it in one of them.",
                        Map.of("config", name));
            }
            ConfigEntry entry = known(configs, name);
            plan(name, OpType.DELETE, entry, inherited(entry));
        }
    }

    private void plan(String name, OpType operation, ConfigEntry entry, @Nullable String value) {
        boolean onTopic = entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG;
        // An inherited value is set if it is requested, although it is the same: it then stays if the default changes.
        if (operation == OpType.SET ? onTopic && Objects.equals(entry.value(), value) : !onTopic) {
            return;
        }
        operations.add(new AlterConfigOp(new ConfigEntry(name, operation == OpType.SET ? value : null), operation));
        changes.add(new Change(name, entry.value(), value));
    }

    private static ConfigEntry known(Map<String, ConfigEntry> configs, String name) {
        ConfigEntry entry = configs.get(name);
        if (entry == null) {
            throw UnknownName.error(
                    StandardErrorCode.INVALID_ARGUMENT, "topic setting", "config", name, configs.keySet(), null);
        }
        return entry;
    }

    /** Returns the value that applies if the topic does not set one: the next one that brokers fall back to. */
    private static @Nullable String inherited(ConfigEntry entry) {
        return entry.synonyms().stream()
                .filter(synonym -> synonym.source() != ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .map(ConfigEntry.ConfigSynonym::value)
                .findFirst()
                .orElse(null);
    }

    private RetentionChange retention(Map<String, ConfigEntry> configs) {
        Map<String, String> before = new HashMap<>();
        configs.forEach((name, entry) -> {
            if (entry.value() != null) {
                before.put(name, entry.value());
            }
        });
        Map<String, String> after = new HashMap<>(before);
        for (Change change : changes) {
            if (change.to() == null) {
                after.remove(change.name());
            } else {
                after.put(change.name(), change.to());
            }
        }
        return new RetentionChange(before, after);
    }

    private void warnOfMinIsr() {
        for (Change change : changes) {
            if (change.name().equals(MinIsr.NAME)) {
                warnings.add(MinIsr.warning(change.to(), Topics.replicationFactor(topic)));
            }
        }
    }

    private void alter(boolean validateOnly) {
        Map<String, Object> context = Map.of("topic", topic.name());
        String action = "change the configuration of topic '" + topic.name() + "'";
        Access needs = Access.toTopic(AclOperation.ALTER_CONFIGS, topic.name());
        Collection<AlterConfigOp> wanted = List.copyOf(operations);
        kafka.await(
                kafka.writer()
                        .incrementalAlterConfigs(
                                Map.of(TopicConfigs.resource(topic.name()), wanted),
                                kafka.bounded(new AlterConfigsOptions().validateOnly(validateOnly)))
                        .all(),
                validateOnly
                        ? KafkaOperation.toRead(action, context, needs)
                        : KafkaOperation.toChange(action, context, needs));
    }

    private Result result(boolean success, @Nullable String planHash, @Nullable String next) {
        return new Result(success, topic.name(), changes, expiring, planHash, next, warnings.orNull());
    }
}
