package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.internal.client.channel.Outgoing;

/** What differs between the revisions with and without a handshake in the messages of a client. Immutable. */
public sealed interface Era permits ModernEra, LegacyEra {

    /** Returns the server as it described itself when the revision was agreed on. */
    ServerDescription server();

    /** Returns a request as it is sent. The parameters are not modified. */
    Outgoing request(long id, String method, ObjectNode params, RequestOptions options);

    /** Returns a notification as it is sent. */
    Outgoing notification(String method, ObjectNode params);

    /** Returns whether the revision has a handshake, and therefore requests of the server. */
    default boolean hasHandshake() {
        return this instanceof LegacyEra;
    }
}
