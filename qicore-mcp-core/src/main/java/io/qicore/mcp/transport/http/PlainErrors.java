package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.http.Refusal;
import java.time.Duration;
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
        new Refusal(status, HttpStatus.getMessage(status) + ".")
                .answer(new JettyExchange(request, response, callback, false, Duration.ofSeconds(1)));
        return true;
    }
}
