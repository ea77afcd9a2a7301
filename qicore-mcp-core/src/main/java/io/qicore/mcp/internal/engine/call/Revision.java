package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.rpc.ClientProfile;
import io.qicore.mcp.internal.engine.rpc.Incoming;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;

/**
 * One revision of MCP on the wire: what it demands of a request, how results look, and how a client is asked for input.
 * Everything else is the same for every revision.
 */
public interface Revision {

    /** The date that names it. */
    String version();

    /** Checks the metadata and, where there are any, the headers of a request. */
    void check(Incoming message, CallMetadata metadata) throws RpcException;

    /** What the client of a request that has been checked can do and wants. */
    ClientProfile client(Incoming message, CallMetadata metadata) throws RpcException;

    /** The kind of a reply to a method that is not served. */
    Reply.Kind unknownMethod();

    /** The error code for a resource that does not exist. */
    int resourceNotFound();

    /** Whether a client that goes away thereby cancels its call. */
    boolean disconnectCancels();

    /** Whether headers repeat the arguments of tools that ask for it. */
    boolean headersRepeatArguments();

    /** Removes from the definition of a tool, resource or prompt, in place, what this revision does not know. */
    ObjectNode define(ObjectNode definition);

    /** Adds to and removes from a result, in place, what this revision wants; the result is in the newest form. */
    ObjectNode shape(ObjectNode result, ResultType type);

    /** The answers that a request brings along, from an earlier round. */
    InputResponses inputs(Request request) throws RpcException;

    /**
     * Asks the client for input.
     *
     * @param again serves the request once more, with the answers, if they arrive while this call is open
     */
    void ask(Call call, InputRequests requests, Resumption again) throws RpcException;

    /** Goes on with a request when the answers are there. */
    @FunctionalInterface
    interface Resumption {
        void resume(InputResponses responses) throws RpcException;
    }

    /** What a result is, where revisions treat results differently. */
    enum ResultType {
        /** Of a method that needs no more than the common members. */
        PLAIN,
        /** May be kept by the client for a while. */
        CACHEABLE,
        /** Of {@code tools/call}. */
        TOOL_CALL,
        /** Of {@code tools/call}, by a tool with an output schema. */
        TOOL_CALL_WITH_SCHEMA,
        /** Asks for input. */
        INPUT_REQUIRED,
        /** Says that the call goes on as a task. */
        TASK
    }
}
