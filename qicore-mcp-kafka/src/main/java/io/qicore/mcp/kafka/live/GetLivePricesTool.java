package io.qicore.mcp.kafka.live;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.TopicErrors;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.read.PromptReads;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code get_live_prices}. */
final class GetLivePricesTool {

    record Arguments(
            @Schema(value = "Symbols to wait for, exactly as producers write them", minLength = 1, maxLength = 100)
            List<String> symbols,

            @Schema(
                    value = "Longest time to listen, in milliseconds; the deadline of the call can end it earlier",
                    minimum = 1,
                    maximum = 600_000,
                    defaultValue = "5000")
            long timeout,

            @Schema(
                    value = "Topic to read; default: the topic in the description of the tool",
                    minLength = 1,
                    maxLength = 249)
            @Nullable
            String topic) {}

    record Result(
            @Schema("Newest price of each symbol for which one arrived")
            List<LivePrice> prices,

            @Schema("Symbols for which no price arrived in time")
            List<String> missing,

            @Schema("Whether a price arrived for every symbol")
            boolean complete,

            @Schema(
                    "complete; partial: some symbols arrived; other_symbols: only others; not_prices: only records that are"
                            + " not prices; stopped: nothing arrived; empty: the topic has no records; unreachable: Kafka does not"
                            + " answer any more")
            Status status,

            @Schema("Why symbols are missing, and what to do about it") @Nullable
            String explanation,

            @Schema("Timestamp of the newest record of the topic, if nothing arrived") @Nullable
            Instant newestRecord,

            @Schema("Duration of the call in milliseconds") long elapsedMs,

            @Schema("Number of records that arrived and are not prices")
            long skippedRecords,

            @Schema(
                    "Up to 10 symbols that arrived and were not asked for, if symbols are missing; left out if none did")
            @Nullable
            List<String> otherSymbols,

            @Schema("What could not be read; symbols may be missing because of it") @Nullable
            List<String> warnings) {}

    /** The time of a call after it has listened, in which it finds out why symbols are missing. */
    private static final Duration TIME_TO_EXPLAIN = Duration.ofSeconds(1);

    private final AdminHandle admin;
    private final KafkaConnection connection;
    private final Supplier<LiveReader> readers;
    private final PriceFields fields;
    private final String defaultTopic;

    /** @param readers returns the reader of the server, while it is connected */
    GetLivePricesTool(
            AdminHandle admin,
            KafkaConnection connection,
            Supplier<LiveReader> readers,
            PriceFields fields,
            String defaultTopic) {
        this.admin = admin;
        this.connection = connection;
        this.readers = readers;
        this.fields = fields;
        this.defaultTopic = defaultTopic;
    }

    MCPTool tool() {
        return MCPTool.builder("get_live_prices", Arguments.class, Result.class)
                .title("Get live prices")
                .description("Listens to a Kafka topic of market data (default " + defaultTopic + ") and returns the"
                        + " newest price of each symbol that arrives from now on. It returns as soon as a price of"
                        + " every symbol has arrived, or after the timeout with those that have. Use it for prices as"
                        + " they are produced; it does not read older records.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::call)
                .build();
    }

    private Result call(Arguments arguments, RequestContext context) throws InterruptedException {
        long start = System.nanoTime();
        String topic = arguments.topic() == null ? defaultTopic : arguments.topic();
        Set<String> symbols = symbols(arguments.symbols());
        AdminSession kafka = admin.session(context);
        kafka.permissions().requireTopic(topic);
        TopicDescription description = PromptReads.describe(kafka, topic);
        Topics.requireAccess(kafka, description, AclOperation.READ, reading(topic));
        LiveReader reader = readers.get();
        Listener listener = reader.join(topic, symbols);
        try {
            context.onCancel(listener::cancel);
            Starts starts = starts(kafka, description);
            reader.begin(listener, description, starts);
            await(listener, symbols.size(), end(arguments.timeout(), context), context);
            return result(listener.outcome(), topic, starts, start, context);
        } catch (UnknownTopicOrPartitionException e) {
            throw TopicErrors.topicNotFound(topic, Topics.names(kafka, true), e);
        } catch (WakeupException e) {
            throw cancelled(topic);
        } catch (KafkaException e) {
            throw TopicErrors.onTopic(topic, connection, e);
        } finally {
            reader.leave(listener);
        }
    }

    private static Set<String> symbols(List<String> symbols) {
        if (symbols.stream().anyMatch(String::isBlank)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'symbols' must not contain blank texts.",
                    Map.of("argument", "symbols"));
        }
        return new LinkedHashSet<>(symbols);
    }

    /** Asks the leaders where the topic ends now. Partitions whose leader does not answer in time are not read. */
    private static Starts starts(AdminSession kafka, TopicDescription topic) {
        List<TopicPartition> led = Topics.led(topic);
        if (led.isEmpty()) {
            throw LogOffsets.withoutLeader(
                    new TopicPartition(topic.name(), topic.partitions().get(0).partition()));
        }
        List<LogOffsets> ends = PromptReads.request(
                kafka,
                led,
                List.of(() -> LogOffsets.request(kafka, led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED)));
        Map<Integer, Long> known = new HashMap<>();
        MCPToolError failure = null;
        for (TopicPartition partition : PromptReads.answered(kafka, led, ends)) {
            LogOffsets.Offset end = ends.get(0).await(partition);
            if (end.offset() == null) {
                failure = end.error();
            } else {
                known.put(partition.partition(), end.offset());
            }
        }
        if (known.isEmpty()) {
            throw failure != null
                    ? failure
                    : KafkaErrors.of(
                            new TimeoutException("No leader answered"), reading(topic.name()), kafka.cluster());
        }
        return new Starts(known, topic.partitions().size());
    }

    /** Returns when to stop listening: the rest of the time of the call is for the answer. */
    private static long end(long timeoutMs, RequestContext context) {
        long most = Math.max(CallTime.toWait(context).minus(TIME_TO_EXPLAIN).toNanos(), 0);
        return System.nanoTime() + Math.min(TimeUnit.MILLISECONDS.toNanos(timeoutMs), most);
    }

    private static void await(Listener listener, int symbols, long end, RequestContext context)
            throws InterruptedException {
        var arrived = new AtomicInteger();
        Listener.End how = listener.await(
                end,
                price -> context.progress(
                        arrived.incrementAndGet(), (double) symbols, price.symbol() + " " + price.close()));
        if (how == Listener.End.CANCELLED) {
            throw cancelled(listener.topic());
        }
    }

    private Result result(Listener.Outcome outcome, String topic, Starts starts, long start, RequestContext context) {
        var warnings = new Warnings();
        boolean complete = outcome.missing().isEmpty();
        MissingSymbols why =
                complete ? MissingSymbols.NONE : MissingSymbols.explain(session(context), topic, outcome, fields);
        Set<Integer> unread = new TreeSet<>(why.unread());
        for (int partition = 0; partition < starts.partitions(); partition++) {
            if (!starts.ends().containsKey(partition)) {
                unread.add(partition);
            }
        }
        if (!unread.isEmpty()) {
            warnings.add(
                    "Partitions of topic '" + topic + "' that could not be read, because they have no leader or their"
                            + " leader does not answer: " + PartitionList.of(unread) + ".");
        }
        warnings.add(why.warning());
        return new Result(
                outcome.prices(),
                outcome.missing(),
                complete,
                why.status(),
                why.explanation(),
                why.newestRecord(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                outcome.skipped(),
                complete || outcome.others().isEmpty() ? null : outcome.others(),
                warnings.orNull());
    }

    /** Returns a session for the explanation, which must not take as long as the call may. */
    private AdminSession session(RequestContext context) {
        return admin.session(context.withTimeout(TIME_TO_EXPLAIN.multipliedBy(2)));
    }

    private static KafkaOperation reading(String topic) {
        return KafkaOperation.toRead(
                "read topic '" + topic + "'", Map.of("topic", topic), Access.toTopic(AclOperation.READ, topic));
    }

    private static MCPToolError cancelled(String topic) {
        return new MCPToolError(
                StandardErrorCode.DEADLINE_EXCEEDED,
                "The call was cancelled while it listened to topic '" + topic + "'.",
                Map.of("topic", topic));
    }
}
