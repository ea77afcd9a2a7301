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
 * A revision of MCP on the wire: what it requires of a request, the form of results, and how a client is asked for
 * input. Everything else is the same for all revisions.
 */
public interface Revision {

    /** Returns the version, which is a date. */
    String version();

    /** Checks the metadata of a request and its headers, if the transport has headers. */
    void check(Incoming message, CallMetadata metadata) throws RpcException;

    /** Returns what the client of a checked request supports. */
    ClientProfile client(Incoming message, CallMetadata metadata) throws RpcException;

    /** Returns the kind of the reply to an unknown method. */
    Reply.Kind unknownMethod();

    /** Returns the error code for a resource that does not exist. */
    int resourceNotFound();

    /** Returns whether a disconnect cancels the call. */
    boolean disconnectCancels();

    /** Returns whether headers repeat the arguments of tools that are marked with {@code x-mcp-header}. */
    boolean headersRepeatArguments();

    /**
     * Removes the members that this revision does not have from a definition of a tool, resource or prompt, in place.
     */
    ObjectNode define(ObjectNode definition);

    /** Converts a result from the newest form to the form of this revision, in place. */
    ObjectNode shape(ObjectNode result, ResultType type);

    /** Returns the answers that a request carries from an earlier round. */
    InputResponses inputs(Request request) throws RpcException;

    /**
     * Asks the client for input.
     *
     * @param again serves the request once more, with the answers, if they arrive while this call is open
     */
    void ask(Call call, InputRequests requests, Resumption again) throws RpcException;

    /** Continues a request when the answers have arrived. */
    @FunctionalInterface
    interface Resumption {
        void resume(InputResponses responses) throws RpcException;
    }

    /** The kinds of results that revisions treat differently. */
    enum ResultType {
        /** A result with the common members only. */
        PLAIN,
        /** A result that the client may cache. */
        CACHEABLE,
        /** A result of {@code tools/call}. */
        TOOL_CALL,
        /** A result of {@code tools/call} for a tool with an output schema. */
        TOOL_CALL_WITH_SCHEMA,
        /** A result that asks for input. */
        INPUT_REQUIRED,
        /** A result that says that the call continues as a task. */
        TASK
    }
}
