package io.qicore.mcp.kafka.internal.admin;

import java.util.Map;

/**
 * What a tool asked Kafka for, in the words of an error message: "… could not <em>create topic 'orders'</em>".
 *
 * @param action verb and object, such as {@code create topic 'orders'}
 * @param context the names in it, for the error's context
 * @param changes whether it changes something, so that its effect is unknown when no answer comes
 */
public record KafkaOperation(String action, Map<String, Object> context, boolean changes) {

    /** Something that changes nothing. */
    public static KafkaOperation toRead(String action, Map<String, Object> context) {
        return new KafkaOperation(action, context, false);
    }

    /** Something that changes the cluster. */
    public static KafkaOperation toChange(String action, Map<String, Object> context) {
        return new KafkaOperation(action, context, true);
    }
}
