package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.http.Refusal;
import java.util.Map;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers errors that occur outside the engine, such as a malformed request. The response contains the status and its
 * name, but never the cause.
 */
final class PlainErrors extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Refusal refusal = hasIllegalCharacter(request)
                ? new Refusal(
                        status,
                        RpcError.HEADER_MISMATCH,
                        "The request line or a header has a character that is not allowed there. Send texts that are not"
                                + " visible ASCII in Base64.",
                        Map.of())
                : new Refusal(status, HttpStatus.getMessage(status) + ".");
        refusal.answer(new JettyExchange(request, response, callback, false));
        return true;
    }

    /** Returns whether the request could not be parsed because of a control character. MCP has an error code for that. */
    private static boolean hasIllegalCharacter(Request request) {
        return request.getAttribute(ERROR_EXCEPTION) instanceof BadMessageException failure
                && String.valueOf(failure.getReason()).startsWith("Illegal character");
    }
}
