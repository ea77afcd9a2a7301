package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A call that the cluster's ACLs forbid fails with the name of the resource. Calls that they allow still work. */
class KafkaAuthorizationIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(EmbeddedKafka.builder()
            .brokerProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .brokerProperty("allow.everyone.if.no.acl.found", "true")
            .start());

    @BeforeAll
    static void prepare() throws Exception {
        world.kafka.createTopic("orders", 1);
        world.kafka.produce("orders", 0, 5);
        world.kafka.commit("open", "orders", 0, 1);
        world.kafka.commit("locked", "orders", 0, 0);
        world.kafka
                .admin()
                .createAcls(List.of(
                        // Once a resource has an ACL, everybody whom no ACL allows is denied.
                        allow(ResourceType.TOPIC, "orders"),
                        deny(ResourceType.TOPIC, "orders", AclOperation.ALTER),
                        deny(ResourceType.TOPIC, "orders", AclOperation.DESCRIBE_CONFIGS),
                        allow(ResourceType.GROUP, "locked"),
                        deny(ResourceType.GROUP, "locked", AclOperation.READ)))
                .all()
                .get();
    }

    @Test
    void forbiddenChange_isNamedWithItsResource() {
        assertDenied("add_partitions", Map.of("topic", "orders", "count", 4), "topic 'orders'");
        assertDenied(
                "reset_consumer_offset",
                Map.of("groupId", "locked", "topic", "orders", "partition", 0, "offset", "latest"),
                "group 'locked'");
    }

    @Test
    void configurationThatMayNotBeRead_isOmitted() {
        await().untilAsserted(() -> {
            var metadata = world.call("get_topic_metadata", Map.of("topic", "orders"));
            assertThat(metadata.has("configs")).isFalse();
            assertThat(metadata.path("partitions").path(0).path("latestOffset").intValue())
                    .isEqualTo(5);
        });
    }

    @Test
    void acls_areGroupedByPrincipalAndResource() {
        await().untilAsserted(() -> {
            var acls = world.call("list_acls", Map.of("resourceType", "TOPIC", "resourceName", "orders"));
            assertThat(acls.path("acls")).isEqualTo(json("""
                    [{'principal':'User:ANONYMOUS','resourceType':'TOPIC','resourceName':'orders','patternType':'LITERAL',
                      'permission':'ALLOW','operations':['ALL']},
                     {'principal':'User:ANONYMOUS','resourceType':'TOPIC','resourceName':'orders','patternType':'LITERAL',
                      'permission':'DENY','operations':['ALTER','DESCRIBE_CONFIGS']}]"""));
        });
        assertThat(world.call("list_acls", Map.of("limit", 1)).path("truncated").booleanValue())
                .isTrue();
        assertThat(world.call("list_acls", Map.of("principal", "User:nobody"))
                        .path("count")
                        .intValue())
                .isZero();
    }

    private static void assertDenied(String tool, Map<String, ?> arguments, String what) {
        await().untilAsserted(() -> {
            var error = world.failure(tool, arguments);
            assertThat(error).isNotNull();
            assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED))
                    .as(error.toString())
                    .isTrue();
            assertThat(error).hasMessageContaining(what).hasMessageContaining("ACL");
        });
    }

    private static AclBinding allow(ResourceType type, String name) {
        return acl(type, name, AclOperation.ALL, AclPermissionType.ALLOW);
    }

    private static AclBinding deny(ResourceType type, String name, AclOperation operation) {
        return acl(type, name, operation, AclPermissionType.DENY);
    }

    private static AclBinding acl(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }
}
