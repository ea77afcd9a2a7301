package io.qicore.mcp.internal.engine.call;

import io.qicore.mcp.internal.engine.rpc.RpcException;

/** Serves one method for every revision that has it. */
@FunctionalInterface
public interface Method {

    /**
     * Answers the request of a call: completes or fails the call once, now or later.
     *
     * @throws RpcException for a fault in the request
     */
    void serve(Call call) throws RpcException;
}
