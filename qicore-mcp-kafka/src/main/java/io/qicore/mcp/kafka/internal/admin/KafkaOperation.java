package io.qicore.mcp.kafka.internal.admin;

import java.util.List;
import java.util.Map;

/**
 * An operation that a tool requests from Kafka, as error messages name it: "Could not <em>create topic 'orders'</em>".
 *
 * @param action the verb and the object, such as {@code create topic 'orders'}
 * @param context the names in the action, for the context of the error
 * @param changes whether it changes something, so that its effect is unknown if there is no answer
 * @param needs what the ACLs of the cluster must grant
 */
public record KafkaOperation(String action, Map<String, Object> context, boolean changes, List<Access> needs) {

    /** Returns an operation that does not change anything. */
    public static KafkaOperation toRead(String action, Map<String, Object> context, Access... needs) {
        return new KafkaOperation(action, context, false, List.of(needs));
    }

    /** Returns an operation that changes the cluster. */
    public static KafkaOperation toChange(String action, Map<String, Object> context, Access... needs) {
        return new KafkaOperation(action, context, true, List.of(needs));
    }
}
