package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.MCPTool;

/**
 * One revision of MCP on the wire: what it demands of a request, which methods it has beside the shared ones, and how
 * results look. Everything else is the same for every revision.
 */
interface Revision {

    /** The date that names it. */
    String version();

    /** Checks the metadata and, where there are any, the headers of a request. */
    void check(Incoming message, CallMetadata metadata) throws RpcException;

    /** The kind of a reply to a method that is not served. */
    Reply.Kind unknownMethod();

    /** Whether a client that goes away thereby cancels its call. */
    boolean disconnectCancels();

    /** A tool as {@code tools/list} shows it. */
    ObjectNode describe(MCPTool tool);

    /** Adds to and removes from a result, in place, what this revision wants; the result is in the newest form. */
    ObjectNode shape(ObjectNode result, ResultType type, boolean toolHasOutputSchema);

    /** What a result is, where revisions treat results differently. */
    enum ResultType {
        /** Of a method that needs no more than the common members. */
        PLAIN,
        /** May be kept by the client for a while. */
        CACHEABLE,
        /** Of {@code tools/call}. */
        TOOL_CALL
    }
}
