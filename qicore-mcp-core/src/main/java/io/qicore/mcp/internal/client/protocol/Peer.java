package io.qicore.mcp.internal.client.protocol;

/**
 * A server with which a revision has been agreed on.
 *
 * @param wire reaches the server
 * @param era the revision
 */
record Peer(Wire wire, Era era) {}
