package io.qicore.mcp.protocol;

/** Serves one method for every revision that has it. */
@FunctionalInterface
interface Method {

    /**
     * Answers a request: completes or fails the call once, now or later.
     *
     * @throws RpcException for a fault in the request
     */
    void serve(Request request, Call call) throws RpcException;
}
