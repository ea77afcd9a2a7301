package io.qicore.mcp.kafka.internal;

import java.util.Map;

/**
 * What a tool asked Kafka for, in the words of an error message: "… could not <em>create topic 'orders'</em>".
 *
 * @param action verb and object, such as {@code create topic 'orders'}
 * @param context the names in it, for the error's context
 * @param changes whether it changes something, so that its effect is unknown when no answer comes
 */
public record Attempt(String action, Map<String, Object> context, boolean changes) {

    /** Something that changes nothing. */
    public static Attempt toRead(String action, Map<String, Object> context) {
        return new Attempt(action, context, false);
    }

    /** Something that changes the cluster. */
    public static Attempt toChange(String action, Map<String, Object> context) {
        return new Attempt(action, context, true);
    }
}
