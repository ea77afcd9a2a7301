package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaResourcesIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(connection -> new KafkaMCPServer(
            connection,
            KafkaOptions.builder()
                    .policy(KafkaPolicy.builder().topics("orders*", "payments").build())
                    .build()));

    @BeforeAll
    static void prepare() throws Exception {
        for (String topic : new String[] {"orders", "orders-dlq", "payments", "secret"}) {
            world.kafka.createTopic(topic, 1);
        }
        world.kafka.produce("orders", 0, 5);
        world.kafka.commit("billing/eu west", "orders", 0, 2);
    }

    @Test
    void topicResource_hasRecordsSizeAndOffsets() throws Exception {
        var topic = read("kafka://topics/orders");

        assertThat(topic.path("records").longValue()).isEqualTo(5);
        assertThat(topic.path("sizeBytes").longValue()).isPositive();
        assertThat(topic.path("partitions").path(0).path("latestOffset").longValue())
                .isEqualTo(5);
    }

    @Test
    void lagResource_isFoundUnderAPercentEncodedName() throws Exception {
        assertThat(read("kafka://groups/billing%2Feu%20west/lag").path("lag").longValue())
                .isEqualTo(3);
    }

    /** A lag of 0 would be wrong for a group that is behind on a topic which this server may not see. */
    @Test
    void topicsThatThePolicyHides_areSaidToBeMissing_withoutTheirNames() {
        world.kafka.produce("secret", 0, 5);
        world.kafka.commit("mixed", "payments", 0, 0);
        world.kafka.commit("mixed", "secret", 0, 0);
        for (var call : Map.<String, Map<String, Object>>of(
                        "get_consumer_lag", Map.of("groupId", "mixed"),
                        "explain_lag", Map.of("groupId", "mixed"),
                        "find_lagging_groups", Map.of())
                .entrySet()) {
            var answer = world.call(call.getKey(), call.getValue());
            assertThat(answer.path("warnings").toString())
                    .as(call.getKey())
                    .contains("not allowed to use are not in this answer");
            assertThat(answer.toString()).doesNotContain("secret");
        }
        assertThat(world.call("get_consumer_lag", Map.of("groupId", "billing/eu west"))
                        .has("warnings"))
                .isFalse();
        world.kafka.commit("hidden", "secret", 0, 0);
        assertThat(world.call("get_consumer_lag", Map.of("groupId", "hidden"))
                        .path("warnings")
                        .toString())
                .contains("not allowed to use", "not committed any offset on other topics");
        assertThat(world.call("get_consumer_lag", Map.of("topic", "payments")).has("warnings"))
                .isFalse();
        var deletion = world.call("delete_consumer_group", Map.of("groupId", "mixed", "dryRun", true));
        assertThat(deletion.path("offsets").toString()).isEqualTo("{\"payments:0\":0}");
        assertThat(deletion.path("warnings").path(0).textValue()).contains("not allowed to use", "deleted with it");
    }

    @Test
    void resourceThatIsMissingOrHiddenByThePolicy_isNotFound() throws Exception {
        for (String uri :
                new String[] {"kafka://topics/nothing", "kafka://topics/secret", "kafka://groups/nobody/lag"}) {
            var answer = request("resources/read", Map.of("uri", uri));
            assertThat(answer.path("error").path("code").intValue())
                    .as(answer.toString())
                    .isIn(-32002, -32602);
        }
    }

    @Test
    void names_areCompleted() throws Exception {
        assertThat(complete("ref/resource", "uri", "kafka://topics/{topic}", "topic", "ord"))
                .isEqualTo(json("['orders','orders-dlq']"));
        assertThat(complete("ref/resource", "uri", "kafka://topics/{topic}", "topic", "sec"))
                .isEmpty();
        assertThat(complete("ref/resource", "uri", "kafka://groups/{group}/lag", "group", "eu"))
                .isEqualTo(json("['billing/eu west']"));
        assertThat(complete("ref/prompt", "name", "diagnose_consumer_lag", "groupId", "bill"))
                .isEqualTo(json("['billing/eu west']"));
    }

    private static JsonNode complete(String type, String key, String of, String argument, String typed)
            throws Exception {
        return request(
                        "completion/complete",
                        Map.of(
                                "ref",
                                Map.of("type", type, key, of),
                                "argument",
                                Map.of("name", argument, "value", typed)))
                .path("result")
                .path("completion")
                .path("values");
    }

    private static JsonNode read(String uri) throws Exception {
        var answer = request("resources/read", Map.of("uri", uri));
        var contents = answer.path("result").path("contents").path(0);
        assertThat(contents.path("mimeType").textValue()).as(answer.toString()).isEqualTo("application/json");
        return JSON.readTree(contents.path("text").textValue());
    }

    private static JsonNode request(String method, Map<String, ?> params) throws Exception {
        byte[] message = JSON.writeValueAsBytes(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", params));
        var reply = new CompletableFuture<byte[]>();
        world.server.engine().handle(message, CallMetadata.none(), answer -> reply.complete(answer.toBytes()));
        return JSON.readTree(reply.get(15, TimeUnit.SECONDS));
    }
}
