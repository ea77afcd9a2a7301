package io.qicore.mcp.kafka.producer.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.http.BoundedBody;
import io.qicore.mcp.kafka.internal.http.TrustedCertificates;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the workers of a Connect cluster. Begins with the worker that answered last; if one does not answer, or answers
 * with something else than Connect does, the next one is asked. Waits while the cluster rebalances, as long as the call has time.
 * Redirects are not followed: the credentials are for the configured workers only. Thread-safe.
 */
final class ConnectClient {

    private static final Logger log = LoggerFactory.getLogger(ConnectClient.class);

    private static final int MAX_ANSWER_BYTES = 16 * 1024 * 1024;
    private static final int MAX_MESSAGE = 1_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REBALANCE_PAUSE = Duration.ofMillis(250);

    private final ConnectConnection connection;
    private final HttpClient http;
    private volatile int preferred;

    /**
     * An answer that the caller decides about.
     *
     * @param status 2xx, 400 for a refused request, 404 for something unknown, or 409 for a name that is taken
     */
    record Answer(int status, JsonNode body) {

        boolean isOk() {
            return status / 100 == 2;
        }

        boolean isNotFound() {
            return status == 404;
        }

        boolean isTaken() {
            return status == 409;
        }

        String message() {
            return ConnectClient.message(body);
        }

        /** Returns the error for an answer that should have been another one. */
        MCPToolError refused(String action) {
            return new MCPToolError(KafkaErrorCode.CONNECT_ERROR, "Kafka Connect did not " + action + ": " + message());
        }
    }

    /** What one worker answered instead of an answer for the caller. */
    private static final class Unanswered extends Exception {

        private static final long serialVersionUID = 1;

        private final ErrorCode code;
        private final boolean passes;

        private Unanswered(ErrorCode code, boolean passes, String message) {
            super(message, null, false, false);
            this.code = code;
            this.passes = passes;
        }
    }

    /** @throws IllegalArgumentException if the file with trusted certificates cannot be read */
    ConnectClient(ConnectConnection connection) {
        this.connection = connection;
        Duration connect = connection.timeout().compareTo(CONNECT_TIMEOUT) < 0 ? connection.timeout() : CONNECT_TIMEOUT;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NEVER);
        connection.sslContext().ifPresent(builder::sslContext);
        connection
                .trustedCertificates()
                .ifPresent(pem -> builder.sslContext(TrustedCertificates.context(pem, "Kafka Connect")));
        this.http = builder.build();
    }

    /**
     * Sends a request and returns the answer of the first worker that gives one.
     *
     * @throws MCPToolError {@code CONNECT_UNAVAILABLE}, {@code CONNECT_ERROR} or {@code NOT_AUTHORIZED}
     */
    Answer send(String method, String path, @Nullable JsonNode body, Deadline deadline) throws InterruptedException {
        Unanswered passing = null;
        while (true) {
            Unanswered failure = null;
            int first = preferred;
            for (int i = 0; i < connection.workers().size(); i++) {
                int index = (first + i) % connection.workers().size();
                try {
                    Answer answer = ask(connection.workers().get(index), method, path, body, deadline);
                    preferred = index;
                    return answer;
                } catch (Unanswered e) {
                    log.debug(
                            "{} {} at {}: {}",
                            method,
                            path,
                            connection.workers().get(index),
                            e.getMessage());
                    passing = e.passes ? e : passing;
                    failure = e;
                }
            }
            // What passes tells more than a worker that is down, or the end of the time.
            if (passing == null || !deadline.pause(REBALANCE_PAUSE)) {
                throw error(passing == null ? failure : passing);
            }
        }
    }

    /** Sends GET requests at the same time, to one worker. What is not answered is null. */
    List<@Nullable Answer> getAll(List<String> paths, Deadline deadline) throws InterruptedException {
        URI worker = connection.workers().get(preferred);
        List<CompletableFuture<HttpResponse<byte[]>>> sent = new ArrayList<>();
        paths.forEach(path ->
                sent.add(http.sendAsync(request(worker, "GET", path, null), BoundedBody.atMost(MAX_ANSWER_BYTES))));
        List<@Nullable Answer> answers = new ArrayList<>();
        try {
            for (CompletableFuture<HttpResponse<byte[]>> one : sent) {
                Answer answer = null;
                try {
                    answer = decide(worker, await(worker, one, deadline));
                } catch (Unanswered e) {
                    log.debug("GET at {}: {}", worker, e.getMessage());
                }
                answers.add(answer != null && answer.isOk() ? answer : null);
            }
            return answers;
        } finally {
            sent.forEach(one -> one.cancel(true));
        }
    }

    private Answer ask(URI worker, String method, String path, @Nullable JsonNode body, Deadline deadline)
            throws Unanswered, InterruptedException {
        return decide(
                worker,
                await(
                        worker,
                        http.sendAsync(request(worker, method, path, body), BoundedBody.atMost(MAX_ANSWER_BYTES)),
                        deadline));
    }

    private HttpRequest request(URI worker, String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(worker + path))
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        connection.authorization().ifPresent(value -> request.header("Authorization", value));
        return request.build();
    }

    private HttpResponse<byte[]> await(URI worker, CompletableFuture<HttpResponse<byte[]>> sent, Deadline deadline)
            throws Unanswered, InterruptedException {
        Duration limit = connection.timeout().compareTo(deadline.left()) < 0 ? connection.timeout() : deadline.left();
        try {
            // The timeout of a request ends when the first byte arrives, so a slow body needs this one.
            return sent.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw deadline.isOver()
                    ? new Unanswered(
                            StandardErrorCode.DEADLINE_EXCEEDED,
                            false,
                            "Kafka Connect did not answer within the time of the call")
                    : unavailable(worker, "did not answer in " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            log.debug("No answer of {}", worker, e);
            throw unavailable(
                    worker,
                    e.getCause() instanceof SSLException
                            ? "has a TLS certificate that this server does not trust, or none"
                            : "cannot be reached");
        } catch (InterruptedException e) {
            sent.cancel(true);
            throw e;
        }
    }

    private static Unanswered unavailable(URI worker, String reason) {
        return new Unanswered(KafkaErrorCode.CONNECT_UNAVAILABLE, false, "The worker " + worker + " " + reason);
    }

    private static Answer decide(URI worker, HttpResponse<byte[]> response) throws Unanswered {
        int status = response.statusCode();
        if (status / 100 == 3) {
            throw new Unanswered(
                    KafkaErrorCode.CONNECT_ERROR,
                    false,
                    "The worker " + worker
                            + " answered with a redirect, which is not followed: configure the address that"
                            + " it leads to");
        }
        if (status == 401 || status == 403) {
            throw new Unanswered(
                    StandardErrorCode.NOT_AUTHORIZED,
                    false,
                    "The worker " + worker + " refused the credentials of this server (" + status
                            + "): its operator configures them");
        }
        JsonNode body = parse(response.body());
        boolean ofConnect = status / 100 == 2 ? body != null : body != null && body.has("error_code");
        if (!ofConnect) {
            throw new Unanswered(
                    status >= 500 ? KafkaErrorCode.CONNECT_UNAVAILABLE : KafkaErrorCode.CONNECT_ERROR,
                    false,
                    "The worker " + worker + " answered with status " + status
                            + " and something that Kafka Connect does not send. Check its address");
        }
        String message = message(body);
        if (status == 409 && message.contains("already exists")) {
            return new Answer(status, body);
        }
        // A worker that is not the leader forwards requests, and fails if the leader is gone.
        boolean ofRebalance = message.contains("rebalance") || message.contains("forward");
        if (status == 409 || status == 503 || (status == 500 && ofRebalance)) {
            throw new Unanswered(
                    KafkaErrorCode.CONNECT_UNAVAILABLE, true, "The Connect cluster is rebalancing: " + message);
        }
        if (status / 100 == 2 || status == 404 || status == 400 || status == 422) {
            return new Answer(status, body);
        }
        throw new Unanswered(
                KafkaErrorCode.CONNECT_ERROR,
                false,
                "The worker " + worker + " failed with status " + status + ": " + message);
    }

    private static @Nullable JsonNode parse(byte[] body) {
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode json = Json.MAPPER.readTree(body);
            return json == null || json.isValueNode() ? null : json;
        } catch (IOException e) {
            return null;
        }
    }

    private static String message(JsonNode body) {
        String text = body.path("message").asText("no reason given");
        return text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "…" : text;
    }

    private MCPToolError error(@Nullable Unanswered failure) {
        if (failure == null) {
            throw new IllegalStateException("There are no workers.");
        }
        String others = connection.workers().size() > 1 && failure.code == KafkaErrorCode.CONNECT_UNAVAILABLE
                ? " No other worker answered either."
                : "";
        return new MCPToolError(failure.code, failure.getMessage() + "." + others, Map.of());
    }
}
