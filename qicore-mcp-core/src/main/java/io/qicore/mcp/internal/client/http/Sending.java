package io.qicore.mcp.internal.client.http;

import io.qicore.mcp.client.endpoint.HttpAuthorization;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.HttpAnswer;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request with the credentials of its endpoint, sent again if the server refuses them and there are other ones. */
final class Sending {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Sender sender;
    private final String operation;
    private final Supplier<HttpRequest.Builder> request;
    private final HttpResponse.BodyHandler<byte[]> body;
    private final CompletableFuture<HttpResponse<byte[]>> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> current;
    private volatile Optional<String> credentials = Optional.empty();
    private volatile int refusals;

    /** What requests to one endpoint share. */
    record Sender(HttpEndpoint endpoint, JdkHttp http, Runnable onOtherCredentials) {

        /**
         * Sends a request. Cancelling the future ends the exchange.
         *
         * @param operation what the request does, for the authorization
         * @param request makes the request, again for each attempt
         */
        CompletableFuture<HttpResponse<byte[]>> send(
                String operation, Supplier<HttpRequest.Builder> request, HttpResponse.BodyHandler<byte[]> body) {
            Sending sending = new Sending(this, operation, request, body);
            sending.attempt();
            return sending.result;
        }
    }

    private Sending(
            Sender sender,
            String operation,
            Supplier<HttpRequest.Builder> request,
            HttpResponse.BodyHandler<byte[]> body) {
        this.sender = sender;
        this.operation = operation;
        this.request = request;
        this.body = body;
        result.whenComplete((response, failure) -> {
            CompletableFuture<?> sent = current;
            if (sent != null && result.isCancelled()) {
                sent.cancel(true);
            }
        });
    }

    private void attempt() {
        HttpAuthorization authorization = sender.endpoint().authorization();
        if (authorization == null) {
            send();
            return;
        }
        asked(() -> authorization.credentials(sender.endpoint().uri())).whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(unauthorized(failure));
                return;
            }
            if (sender.http().isOther(value)) {
                sender.onOtherCredentials().run();
            }
            credentials = value;
            send();
        });
    }

    /** Asks an authorization, whose code may be the application's. */
    private static <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> authorization) {
        try {
            return authorization.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void send() {
        if (result.isDone()) {
            // The call has ended while its credentials were got.
            return;
        }
        HttpRequest built;
        try {
            HttpRequest.Builder builder = request.get();
            credentials.ifPresent(value -> builder.setHeader("Authorization", value));
            built = builder.build();
        } catch (MCPClientException e) {
            result.completeExceptionally(e);
            return;
        } catch (IllegalArgumentException e) {
            // Its message contains the value, which may be secret.
            result.completeExceptionally(new MCPConnectionException(
                    "A header of the request to " + sender.endpoint()
                            + " has a value that cannot be sent: credentials, a session or an id of the server.",
                    null));
            return;
        }
        CompletableFuture<HttpResponse<byte[]>> sent = sender.http().send(built, body);
        current = sent;
        sent.whenComplete((response, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!isRefused(response)) {
                result.complete(response);
            }
        });
        if (result.isCancelled()) {
            sent.cancel(true);
        }
    }

    /** Asks for other credentials if the server has refused those of the request; returns whether it has. */
    private boolean isRefused(HttpResponse<byte[]> response) {
        HttpAuthorization authorization = sender.endpoint().authorization();
        int status = response.statusCode();
        HttpAnswer answer = Http.answer(status, response.headers());
        if (authorization == null
                || result.isDone()
                || !(status == UNAUTHORIZED || (status == FORBIDDEN && answer.challenge() != null))) {
            return false;
        }
        refusals++;
        HttpAuthorization.Refusal refusal = new HttpAuthorization.Refusal(operation, credentials, answer, refusals);
        asked(() -> authorization.refused(sender.endpoint().uri(), refusal)).whenComplete((again, failure) -> {
            if (failure != null) {
                result.completeExceptionally(unauthorized(failure));
            } else if (!again) {
                result.complete(response);
            } else if (!result.isDone()) {
                attempt();
            }
        });
        return true;
    }

    private MCPClientException unauthorized(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return cause instanceof MCPClientException known
                ? known
                : new MCPAuthorizationException("The credentials for " + sender.endpoint() + " cannot be got.", cause);
    }
}
