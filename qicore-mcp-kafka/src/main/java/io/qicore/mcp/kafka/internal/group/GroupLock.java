package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.NamedLocks;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one call at a time plan and make a change of the offsets of a group. Brokers do not compare offsets before they set
 * them, so two calls with a plan each would both succeed, and one would report the offsets of the other.
 *
 * <p>The locks are shared by all servers of this JVM, because two of them may serve the same cluster. Thread-safe.
 */
final class GroupLock {

    private static final NamedLocks LOCKS = new NamedLocks();

    private GroupLock() {}

    /**
     * Makes a change while no other call changes the same group. Waits at most half of the time that the call has left.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#GROUP_BUSY} if another call still changes it then
     */
    static <T> T holding(AdminSession kafka, String groupId, Supplier<T> change) {
        try (NamedLocks.Held held = acquired(kafka, groupId)) {
            if (held == null) {
                throw new MCPToolError(
                        KafkaErrorCode.GROUP_BUSY,
                        "Another call is changing the offsets of group '" + groupId
                                + "'. Nothing was changed. Call again when it has ended.",
                        Map.of("groupId", groupId));
            }
            return change.get();
        }
    }

    private static NamedLocks.@Nullable Held acquired(AdminSession kafka, String groupId) {
        try {
            return LOCKS.tryAcquire(groupId, kafka.remaining().dividedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled while it waited for another change of group '" + groupId
                            + "'. Nothing was changed.",
                    Map.of("groupId", groupId),
                    e);
        }
    }
}
