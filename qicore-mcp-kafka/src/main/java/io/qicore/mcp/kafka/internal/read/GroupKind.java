package io.qicore.mcp.kafka.internal.read;

import java.util.Locale;
import java.util.Set;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupType;
import org.jspecify.annotations.Nullable;

/** The kinds of groups that there are. */
public enum GroupKind {
    /** Consumers under the protocol from before Kafka 4, or commits without any member. */
    CLASSIC,
    /** Consumers under the protocol of KIP-848. */
    CONSUMER,
    /** Share consumers, KIP-932: no commits, the brokers track each record. */
    SHARE,
    /** Kafka Streams under the protocol of KIP-1071. */
    STREAMS,
    /** Groups that do not consume topics, such as Kafka Connect's workers. */
    OTHER;

    /** Protocols of classic groups that consume; empty stands for commits without any member. */
    private static final Set<String> CONSUMING = Set.of("", "consumer", "streams");

    public static GroupKind of(GroupListing group) {
        GroupType type = group.type().orElse(GroupType.CLASSIC);
        return switch (type) {
            case SHARE -> SHARE;
            case STREAMS -> STREAMS;
            case CONSUMER -> CONSUMER;
            default -> CONSUMING.contains(group.protocol()) ? CLASSIC : OTHER;
        };
    }

    /** Whether its offsets are commits. */
    public boolean commits() {
        return this != SHARE && this != OTHER;
    }

    /** As Kafka writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The label where readers would not expect it. */
    @Nullable
    public String unusual() {
        return this == SHARE || this == STREAMS ? label() : null;
    }
}
