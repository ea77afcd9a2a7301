package io.qicore.mcp.kafka.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Calls;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.Test;

/** What can be said without asking for offsets; with a broker it is tested in TopicChangesIT. */
class RetentionChangeTest {

    private static final Map<String, String> HOUR = Map.of("cleanup.policy", "delete", "retention.ms", "3600000");

    private final Admin admin = mock(Admin.class);

    @Test
    void longerOrEndlessOrSameRetention_expiresNothing() {
        for (String after : List.of("3600000", "7200000", "-1")) {
            assertNothingExpires(HOUR, Map.of("cleanup.policy", "delete", "retention.ms", after));
        }
        assertNothingExpires(HOUR, Map.of("cleanup.policy", "delete"));
    }

    @Test
    void compactedTopic_expiresNothingByTime() {
        assertNothingExpires(HOUR, Map.of("cleanup.policy", "compact", "retention.ms", "1"));
    }

    @Test
    void retentionThatStartsToCount_isAsked() {
        var compacted = Map.of("cleanup.policy", "compact", "retention.ms", "3600000");

        var expiring = new RetentionChange(compacted, HOUR).preview(session(), topic(), 0, new Warnings());

        assertThat(expiring).isEqualTo(new RetentionChange.Expiring(0, 0, 0, null));
    }

    private void assertNothingExpires(Map<String, String> before, Map<String, String> after) {
        assertThat(new RetentionChange(before, after).preview(session(), topic(), 0, new Warnings()))
                .isNull();
        verifyNoInteractions(admin);
    }

    private AdminSession session() {
        return new AdminHandle(admin, KafkaPolicy.defaults()).session(Calls.within(Duration.ofSeconds(5)));
    }

    private static TopicDescription topic() {
        return new TopicDescription("orders", false, List.of());
    }
}
