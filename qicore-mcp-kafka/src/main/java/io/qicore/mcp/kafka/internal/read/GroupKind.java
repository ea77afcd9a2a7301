package io.qicore.mcp.kafka.internal.read;

import java.util.Locale;
import java.util.Set;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupType;
import org.jspecify.annotations.Nullable;

/** The kinds of groups in Kafka. */
public enum GroupKind {
    /** A consumer group with the classic protocol, or one that has committed offsets but never had a member. */
    CLASSIC,
    /** A consumer group with the protocol of KIP-848. */
    CONSUMER,
    /** A share group (KIP-932). It does not commit offsets; brokers track the state of each record. */
    SHARE,
    /** A group of a Kafka Streams application with the protocol of KIP-1071. */
    STREAMS,
    /** A group that does not consume topics, such as the workers of Kafka Connect. */
    OTHER;

    /** The protocols of classic groups that consume topics. It is empty for a group that never had a member. */
    private static final Set<String> CONSUMING = Set.of("", "consumer", "streams");

    /** Returns the kind of a listed group. */
    public static GroupKind of(GroupListing group) {
        GroupType type = group.type().orElse(GroupType.CLASSIC);
        return switch (type) {
            case SHARE -> SHARE;
            case STREAMS -> STREAMS;
            case CONSUMER -> CONSUMER;
            default -> CONSUMING.contains(group.protocol()) ? CLASSIC : OTHER;
        };
    }

    /** Returns whether groups of this kind commit offsets. */
    public boolean commits() {
        return this != SHARE && this != OTHER;
    }

    /** Returns the name as Kafka writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the label of share and streams groups, and null for consumer groups, whose kind need not be mentioned. */
    @Nullable
    public String unusual() {
        return this == SHARE || this == STREAMS ? label() : null;
    }
}
