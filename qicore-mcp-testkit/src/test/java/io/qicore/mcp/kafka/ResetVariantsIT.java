package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.call;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Plans of resets, their hashes, and how to undo them. */
class ResetVariantsIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(StreamingConsumerMCPServer::new);

    @Test
    void plan_changesNothing_andIsAppliedByItsHash_andUndone() throws Exception {
        topic("planned", 10, 20);
        world.kafka.commitAll("planner", "planned", 4, 15);

        var plan = reset("planner", Map.of("topic", "planned", "offset", "latest", "dryRun", true));
        assertThat(plan.path("applied").booleanValue()).isFalse();
        assertThat(plan.path("skipped").intValue()).isEqualTo(11);
        assertThat(plan.path("replayed").intValue()).isZero();
        assertThat(plan.path("changes")).isEqualTo(json("""
                [{'partition':0,'from':4,'to':10},{'partition':1,'from':15,'to':20}]"""));
        assertCommitted("planner", "planned", 4, 15);

        // Producers keep writing. The hash stays valid, because "latest" means the end offset at the time of the call.
        world.kafka.produce("planned", 0, 3);
        var applied = reset(
                "planner",
                Map.of(
                        "topic", "planned",
                        "offset", "latest",
                        "planHash", plan.path("planHash").textValue()));
        assertThat(applied.path("applied").booleanValue()).isTrue();
        assertCommitted("planner", "planned", 13, 20);

        var undone = reset("planner", Map.of("offsets", applied.path("undo").path("offsets")));
        assertThat(undone.path("replayed").intValue()).isEqualTo(14);
        assertCommitted("planner", "planned", 4, 15);
    }

    @Test
    void extremeValues_areClampedToTheStartAndEndOffset() throws Exception {
        topic("extreme", 10);
        world.kafka.commitAll("extremist", "extreme", 4);
        for (var question : List.<Map<String, Object>>of(
                Map.of("timestamp", "1969-12-31T23:59:59.999Z"),
                Map.of("timestamp", "1960-01-01T00:00:00Z"),
                Map.of("duration", "P99999999D"),
                Map.of("shiftBy", Long.MIN_VALUE))) {
            reset("extremist", with(question, "topic", "extreme"));
            assertCommitted("extremist", "extreme", 0);
            world.kafka.commitAll("extremist", "extreme", 4);
        }
        reset("extremist", Map.of("topic", "extreme", "shiftBy", Long.MAX_VALUE));
        assertCommitted("extremist", "extreme", 10);
        reset("extremist", Map.of("topic", "extreme", "partition", 0, "offset", 7));
        assertCommitted("extremist", "extreme", 7);
    }

    @Test
    void outdatedPlan_isRefused() throws Exception {
        topic("moved", 10);
        world.kafka.commitAll("mover", "moved", 4);
        Map<String, Object> question = Map.of("topic", "moved", "shiftBy", -2);
        String hash = plan("mover", question).path("planHash").textValue();
        world.kafka.commitAll("mover", "moved", 5);

        var error = failure("mover", with(question, "planHash", hash));

        assertThat(error.is(StandardErrorCode.PLAN_CHANGED)).isTrue();
        assertCommitted("mover", "moved", 5);
        String now = (String) error.context().get("planHash");
        assertThat(reset("mover", with(question, "planHash", now))
                        .path("applied")
                        .booleanValue())
                .isTrue();
        assertCommitted("mover", "moved", 3);
    }

    @Test
    void confirmationAlways_requiresThePlanHash_fromAClientThatCannotAsk() throws Exception {
        topic("confirmed", 10);
        world.kafka.commitAll("careful", "confirmed", 4);
        var options = KafkaOptions.builder()
                .policy(KafkaPolicy.builder()
                        .confirmation(ConfirmationMode.ALWAYS)
                        .build())
                .build();
        try (var strict = new StreamingConsumerMCPServer(world.connection(), options)) {
            strict.initialize();
            Map<String, Object> seed =
                    Map.of("groupId", "careful", "topic", "confirmed", "partition", 0, "offset", "latest");

            var plan = call(strict, "reset_consumer_offset", seed);
            assertThat(plan.path("success").booleanValue()).isFalse();
            assertThat(plan.path("newOffset").intValue()).isEqualTo(10);
            assertCommitted("careful", "confirmed", 4);

            call(
                    strict,
                    "reset_consumer_offset",
                    with(seed, "planHash", plan.path("planHash").textValue()));
            assertCommitted("careful", "confirmed", 10);

            var deletion = call(strict, "delete_consumer_group", Map.of("groupId", "careful"));
            assertThat(deletion.path("applied").booleanValue()).isFalse();
            assertThat(deletion.path("offsets").path("confirmed:0").intValue()).isEqualTo(10);
            call(
                    strict,
                    "delete_consumer_group",
                    Map.of(
                            "groupId",
                            "careful",
                            "planHash",
                            deletion.path("planHash").textValue()));
            assertThat(failure("careful", Map.of("topic", "confirmed", "offset", "latest"))
                            .is(KafkaErrorCode.GROUP_NOT_FOUND))
                    .isTrue();
        }
    }

    @Test
    void allTopics_areResetTogether_onlyWhereTheGroupHasOffsets() throws Exception {
        topic("every-1", 10);
        topic("every-2", 10, 10);
        world.kafka.commitAll("every", "every-1", 4);
        world.kafka.commitAll("every", "every-2", 4);

        var result = reset("every", Map.of("offset", "earliest"));

        assertThat(result.path("partitionCount").intValue()).isEqualTo(2);
        assertThat(result.path("undo")).isEqualTo(json("{'offsets':{'every-1:0':4,'every-2:0':4}}"));
        assertCommitted("every", "every-2", 0);
        assertThat(world.kafka.committed("every", "every-2", 1)).isEmpty();
        // As kafka-consumer-groups --all-topics does; it failed because of the partition without an offset.
        var shifted = world.confirmed("reset_consumer_offset", Map.of("groupId", "every", "shiftBy", 3));
        assertThat(shifted.path("partitionCount").intValue()).isEqualTo(2);
        assertCommitted("every", "every-2", 3);
    }

    @Test
    void namedTopic_isResetAsAWhole_andTheUndoNamesUncommittedPartitions() throws Exception {
        topic("whole", 10, 10);
        world.kafka.commitAll("wholesale", "whole", 4);

        var result = reset("wholesale", Map.of("topic", "whole", "offset", "earliest"));

        assertThat(result.path("undo")).isEqualTo(json("{'offsets':{'whole:0':4},'uncommitted':{'whole':'1'}}"));
        assertCommitted("wholesale", "whole", 0, 0);
    }

    @Test
    void relativeTargets_leavePartitionsWithoutAnOffsetAsTheyAre() throws Exception {
        topic("partial", 10, 10);
        world.kafka.commitAll("partially", "partial", 4);
        for (var target : List.<Map<String, Object>>of(Map.of("offset", "current"), Map.of("shiftBy", 0))) {
            var result = reset("partially", with(target, "topic", "partial"));

            assertThat(result.path("partitionCount").intValue()).isOne();
            assertThat(result.path("skipped").intValue()).isZero();
            assertThat(result.path("warnings").path(0).textValue()).contains("no committed offset there: {partial=1}");
            assertCommitted("partially", "partial", 4);
            assertThat(world.kafka.committed("partially", "partial", 1)).isEmpty();
            assertThat(failure("partially", with(with(target, "topic", "partial"), "partition", 1))
                            .code())
                    .isEqualTo("INVALID_OFFSET");
        }
    }

    @Test
    void countsAreOfOffsetsThatTheLogHas() throws Exception {
        topic("counted", 100, 10);
        world.kafka.commitAll("counter", "counted", 10, 1_000);
        world.kafka.deleteRecords("counted", 0, 90);

        var result = reset("counter", Map.of("topic", "counted", "offset", "latest", "dryRun", true));
        assertThat(result.path("skipped").intValue()).isEqualTo(10);
        result = reset("counter", Map.of("topic", "counted", "offset", "earliest", "dryRun", true));
        assertThat(result.path("skipped").intValue()).isZero();
        assertThat(result.path("replayed").intValue()).isEqualTo(10);

        // A partition without an offset: what is before the new one is never read.
        topic("uncounted", 10, 10);
        world.kafka.commitAll("uncounter", "uncounted", 10);
        assertThat(reset("uncounter", Map.of("topic", "uncounted", "offset", "latest", "dryRun", true))
                        .path("skipped")
                        .intValue())
                .isEqualTo(10);
    }

    @Test
    void newGroup_getsItsFirstOffsets_onlyIfTheCallSaysSo() throws Exception {
        topic("fresh", 10, 20);
        Map<String, Object> start = Map.of("topic", "fresh", "offset", "latest");
        assertThat(failure("fresh-group", start))
                .matches(e -> e.is(KafkaErrorCode.GROUP_NOT_FOUND))
                .hasMessageContaining("createGroup: true");

        var plan = plan("fresh-group", with(start, "createGroup", true));
        assertThat(plan.path("created").booleanValue()).isTrue();
        assertThat(plan.path("changes")).isEqualTo(json("[{'partition':0,'to':10},{'partition':1,'to':20}]"));
        assertThat(world.kafka.committed("fresh-group")).isEmpty();

        var done = reset(
                "fresh-group",
                with(
                        with(start, "createGroup", true),
                        "planHash",
                        plan.path("planHash").textValue()));
        assertThat(done.path("success").booleanValue()).isTrue();
        assertThat(done.path("undo")).isEqualTo(json("{'offsets':{},'uncommitted':{'fresh':'0-1'}}"));
        assertCommitted("fresh-group", "fresh", 10, 20);
        // An existing group is moved as always.
        assertThat(reset("fresh-group", with(Map.of("topic", "fresh", "offset", "earliest"), "createGroup", true))
                        .has("created"))
                .isFalse();

        reset("exact-group", Map.of("offsets", Map.of("fresh:1", 7), "createGroup", true));
        assertThat(world.kafka.committed("exact-group", "fresh", 1)).hasValue(7L);
        assertThat(failure("no-topic", Map.of("offset", "earliest", "createGroup", true)))
                .hasMessageContaining("Give a topic");
        assertThat(failure("relative", Map.of("topic", "fresh", "shiftBy", 1, "createGroup", true))
                        .code())
                .isEqualTo("INVALID_OFFSET");
        assertThat(world.kafka.admin().listGroups().all().get())
                .noneMatch(group -> List.of("no-topic", "relative").contains(group.groupId()));
    }

    @Test
    void deletedOffsets_areRemoved_andCanBeRestored() throws Exception {
        topic("forgotten", 10, 10);
        topic("remembered", 10);
        world.kafka.commitAll("forgetful", "forgotten", 4, 5);
        world.kafka.commitAll("forgetful", "remembered", 6);

        var result = world.confirmed("delete_consumer_offsets", Map.of("groupId", "forgetful", "topic", "forgotten"));

        assertThat(result.path("offsets")).isEqualTo(json("{'forgotten:0':4,'forgotten:1':5}"));
        assertThat(world.kafka.committed("forgetful", "forgotten", 0)).isEmpty();
        assertCommitted("forgetful", "remembered", 6);
        reset("forgetful", Map.of("offsets", result.path("offsets")));
        assertCommitted("forgetful", "forgotten", 4, 5);
    }

    @Test
    void runningGroup_isNeitherResetNorDeleted_andThePreviewsSaySo() throws Exception {
        topic("live", 10);
        try (var consumer = world.kafka.join("live-group", "live-client", "live", "consumer")) {
            consumer.commitSync(Map.of(new TopicPartition("live", 0), new OffsetAndMetadata(3)));

            for (boolean dryRun : new boolean[] {true, false}) {
                var reset = world.failure(
                        "reset_consumer_offset",
                        Map.of("groupId", "live-group", "topic", "live", "offset", "earliest", "dryRun", dryRun));
                assertThat(reset.code()).isEqualTo("GROUP_ACTIVE");
                assertThat(reset).hasMessageContaining("live-client");
                var deletion =
                        world.failure("delete_consumer_group", Map.of("groupId", "live-group", "dryRun", dryRun));
                assertThat(deletion.code()).isEqualTo("GROUP_ACTIVE");
                var offsets = world.failure(
                        "delete_consumer_offsets", Map.of("groupId", "live-group", "topic", "live", "dryRun", dryRun));
                assertThat(offsets.code()).isEqualTo("GROUP_ACTIVE");
            }

            var described = world.call("describe_consumer_group", Map.of("groupId", "live-group"));
            assertThat(described.path("type").textValue()).isEqualTo("consumer");
            assertThat(described.path("members").path(0).path("partitions")).isEqualTo(json("{'live':'0'}"));
            assertThat(world.call("list_consumer_groups", Map.of("filter", "live-*", "type", "consumer"))
                            .path("groups"))
                    .isEqualTo(json("[{'groupId':'live-group','type':'consumer','state':'Stable'}]"));
        }
    }

    private static void topic(String name, int... records) throws Exception {
        world.kafka.createTopic(name, records.length);
        for (int partition = 0; partition < records.length; partition++) {
            world.kafka.produce(name, partition, records[partition]);
        }
    }

    private static void assertCommitted(String groupId, String topic, long... offsets) throws Exception {
        for (int partition = 0; partition < offsets.length; partition++) {
            assertThat(world.kafka.committed(groupId, topic, partition)).hasValue(offsets[partition]);
        }
    }

    private static Map<String, Object> with(Map<String, Object> arguments, String name, Object value) {
        Map<String, Object> more = new HashMap<>(arguments);
        more.put(name, value);
        return more;
    }

    private static JsonNode plan(String groupId, Map<String, Object> to) {
        return reset(groupId, with(to, "dryRun", true));
    }

    private static JsonNode reset(String groupId, Map<String, Object> to) {
        return world.call("reset_consumer_offset", with(to, "groupId", groupId));
    }

    private static MCPToolError failure(String groupId, Map<String, Object> to) {
        return catchThrowableOfType(MCPToolError.class, () -> reset(groupId, to));
    }
}
