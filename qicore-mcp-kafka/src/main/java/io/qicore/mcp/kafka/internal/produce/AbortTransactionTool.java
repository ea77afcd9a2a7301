package io.qicore.mcp.kafka.internal.produce;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Denials;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.OpenTransactions;
import io.qicore.mcp.kafka.internal.read.OpenTransactions.OpenTransaction;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.kafka.internal.read.TransactionCoordinators;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AbortTransactionOptions;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code abort_transaction}. It aborts only a transaction that hangs: one that its coordinator will still end
 * could otherwise be committed on some partitions and aborted on others.
 */
public final class AbortTransactionTool implements PlannedChange<AbortTransactionTool.Result, RuntimeException> {

    record Arguments(
            @Schema("Topic") String topic,
            @Schema("producerId of find_open_transactions") long producerId,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Aborted(
            @Schema("The number of the partition") int partition,

            @Schema("The offset of the first record of the transaction")
            long startOffset) {}

    record Result(
            @Schema("Whether the transaction was aborted") boolean success,
            @Schema("The name of the topic") String topic,
            @Schema("The id of the producer") long producerId,

            @Schema("The partitions of the topic where the transaction was open")
            List<Aborted> partitions,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Schema("Messages about what could not be read or aborted") @Nullable
            List<String> warnings) {}

    private static final Access ALTER = Access.toCluster(AclOperation.ALTER);

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final long producerId;
    private final Warnings warnings = new Warnings();
    private final List<OpenTransaction> hanging;

    private AbortTransactionTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        kafka.permissions().requireChangeableTopic(args.topic());
        this.topic = Topics.describe(kafka, args.topic());
        this.producerId = args.producerId();
        requireAlter();
        this.hanging = hanging();
    }

    /** Makes the tool. */
    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("abort_transaction", Arguments.class, Result.class)
                .title("Abort transaction")
                .description(
                        "Aborts a hanging transaction on the partitions of a topic, so that read_committed consumers"
                                + " go on. Its records there are lost to them. find_open_transactions tells which ones hang;"
                                + " others end by themselves and are refused.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    return kafka.confirmation()
                            .run(new AbortTransactionTool(kafka, args), args.dryRun(), args.planHash(), context);
                })
                .build();
    }

    /** Brokers check the right only when they abort, too late for a plan. */
    private void requireAlter() {
        var options = kafka.bounded(new DescribeClusterOptions().includeAuthorizedOperations(true));
        var granted = kafka.await(
                kafka.admin().describeCluster(options).authorizedOperations(),
                KafkaOperation.toRead("read its own rights", Map.of()));
        // A principal without any right on the cluster gets an empty set.
        if (granted != null && !granted.contains(AclOperation.ALTER)) {
            throw Denials.missing(ALTER, aborting("abort transactions"), kafka.cluster());
        }
    }

    private KafkaOperation aborting(String action) {
        return KafkaOperation.toChange(action, Map.of("topic", topic.name(), "producerId", producerId), ALTER);
    }

    private List<OpenTransaction> hanging() {
        List<OpenTransaction> open = OpenTransactions.read(kafka, Topics.led(topic), warnings).stream()
                .filter(transaction -> transaction.producerId() == producerId)
                .toList();
        if (open.isEmpty()) {
            throw new MCPToolError(
                    KafkaErrorCode.TRANSACTION_NOT_HANGING,
                    "Producer " + producerId + " has no open transaction on topic '" + topic.name() + "'." + warnings(),
                    Map.of("topic", topic.name(), "producerId", producerId));
        }
        Set<OpenTransaction> found = TransactionCoordinators.read(kafka, Set.of(producerId), warnings)
                .hanging(kafka, open, warnings);
        if (found.isEmpty()) {
            throw new MCPToolError(
                    KafkaErrorCode.TRANSACTION_NOT_HANGING,
                    "The transaction of producer " + producerId + " on topic '" + topic.name()
                            + "' does not hang, as far" + " as is known: its coordinator will end it." + warnings(),
                    Map.of("topic", topic.name(), "producerId", producerId));
        }
        return found.stream()
                .sorted(Comparator.comparingInt(
                        transaction -> transaction.partition().partition()))
                .toList();
    }

    private String warnings() {
        List<String> messages = warnings.orNull();
        return messages == null ? "" : " " + String.join(" ", messages);
    }

    @Override
    public String hash() {
        return PlanHash.of("abort_transaction", topic.name(), topic.topicId().toString(), producerId, rows());
    }

    @Override
    public String question() {
        return "Abort the transaction of producer " + producerId + " on " + hanging.size() + " partitions of topic '"
                + topic.name() + "'? Its records there are lost to read_committed consumers.";
    }

    @Override
    public Result preview(String planHash, String next) {
        return new Result(false, topic.name(), producerId, rows(), planHash, next, warnings.orNull());
    }

    @Override
    public Result apply() {
        List<Aborted> done = new ArrayList<>();
        MCPToolError failure = null;
        for (OpenTransaction transaction : hanging) {
            var spec = new AbortTransactionSpec(
                    transaction.partition(),
                    producerId,
                    (short) transaction.epoch(),
                    Math.max(0, transaction.coordinatorEpoch()));
            try {
                kafka.await(
                        kafka.writer()
                                .abortTransaction(spec, kafka.bounded(new AbortTransactionOptions()))
                                .all(),
                        aborting("abort the transaction of producer " + producerId + " on partition "
                                + transaction.partition().partition() + " of topic '" + topic.name() + "'"));
                done.add(row(transaction));
            } catch (MCPToolError e) {
                failure = e;
                warnings.add(e.getMessage());
            }
        }
        if (failure != null && done.isEmpty()) {
            throw failure;
        }
        return new Result(failure == null, topic.name(), producerId, done, null, null, warnings.orNull());
    }

    private List<Aborted> rows() {
        return hanging.stream().map(AbortTransactionTool::row).toList();
    }

    private static Aborted row(OpenTransaction transaction) {
        return new Aborted(transaction.partition().partition(), transaction.startOffset());
    }
}
