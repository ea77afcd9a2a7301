package io.qicore.mcp.internal.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.HttpAnswer;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.client.channel.Arrival;
import io.qicore.mcp.internal.client.channel.Exchange;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.channel.Outgoing;
import io.qicore.mcp.internal.header.MediaType;
import io.qicore.mcp.internal.json.Json;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message over HTTP with what the server answers to it, or the stream of messages that do not belong to a request. In the
 * revisions with sessions, a stream of events that has ended early is resumed.
 */
final class HttpExchange implements Exchange {

    private static final Logger log = LoggerFactory.getLogger(HttpExchange.class);

    /** How long to wait before a stream is resumed, unless the server says otherwise. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Duration MIN_RETRY = Duration.ofMillis(100);

    private static final Duration MAX_RETRY = Duration.ofSeconds(30);

    /** How long a stream may go on after the answer. */
    private static final Duration END = Duration.ofMillis(500);

    /** How often in succession a stream is resumed without an event. */
    private static final int MAX_RESUMPTIONS = 5;

    private final HttpChannel channel;
    private final HttpEndpoint endpoint;
    private final @Nullable Outgoing message;
    private final Map<String, String> headers;
    private final @Nullable Long request;
    private final CompletableFuture<Void> delivered = new CompletableFuture<>();
    private final EventParser parser;
    private volatile boolean ended;
    private volatile boolean answered;
    private volatile boolean streaming;
    private volatile int resumptions;
    private volatile @Nullable EventSubscriber events;
    private volatile @Nullable CompletableFuture<?> current;
    private volatile HttpAnswer answer = new HttpAnswer(0, null, null);
    private volatile @Nullable String session;

    private HttpExchange(HttpChannel channel, @Nullable Outgoing message, Map<String, String> headers) {
        this.channel = channel;
        this.endpoint = channel.endpoint();
        this.message = message;
        this.headers = headers;
        this.request = message == null ? null : message.requestId();
        this.parser = new EventParser(endpoint.maxMessageBytes(), (type, data) -> event(data));
    }

    static HttpExchange post(HttpChannel channel, Outgoing message) {
        return new HttpExchange(channel, message, message.headers());
    }

    static HttpExchange listen(HttpChannel channel, Map<String, String> headers) {
        return new HttpExchange(channel, null, headers);
    }

    void start() {
        if (message == null) {
            get();
            return;
        }
        byte[] bytes = Json.bytes(message.message());
        send(operation(message.message()), () -> Http.request(endpoint, endpoint.uri(), headers)
                .header("Content-Type", MediaType.JSON)
                .header(Http.ACCEPT, MediaType.JSON + ", " + MediaType.EVENTS)
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    /** Returns what a message does, as an authorization tells operations apart. */
    static String operation(JsonNode message) {
        JsonNode params = message.path("params");
        return message.path("method").asText("response") + " "
                + params.path("name").asText(params.path("uri").asText());
    }

    private void get() {
        send("GET", () -> {
            HttpRequest.Builder builder =
                    Http.request(endpoint, endpoint.uri(), headers).header(Http.ACCEPT, MediaType.EVENTS);
            String last = parser.lastEventId();
            if (last != null) {
                try {
                    builder.header(Http.LAST_EVENT_ID, last);
                } catch (IllegalArgumentException e) {
                    throw new MCPConnectionException(endpoint + " sent an event id that cannot be a header.", e);
                }
            }
            return builder.GET();
        });
    }

    private void send(String operation, Supplier<HttpRequest.Builder> request) {
        if (ended) {
            return;
        }
        CompletableFuture<HttpResponse<byte[]>> sent = channel.sender().send(operation, request, this::body);
        current = sent;
        sent.whenComplete(this::completed);
        if (ended) {
            sent.cancel(true);
        }
    }

    private HttpResponse.BodySubscriber<byte[]> body(HttpResponse.ResponseInfo info) {
        answer = Http.answer(info.statusCode(), info.headers());
        session = info.headers().firstValue(Http.SESSION).orElse(session);
        streaming = Http.isEvents(info.statusCode(), info.headers());
        if (!streaming) {
            return new LimitedBody(endpoint.maxMessageBytes());
        }
        delivered.complete(null);
        parser.restart();
        EventSubscriber subscriber = new EventSubscriber(parser);
        events = subscriber;
        if (ended) {
            subscriber.cancel();
        }
        return subscriber;
    }

    private void event(byte[] data) {
        resumptions = 0;
        if (data.length > 0) {
            receive(MessageJson.parse(data, endpoint));
        }
    }

    private void receive(JsonNode received) {
        if (ended) {
            return;
        }
        JsonNode own = received;
        if (received instanceof ObjectNode response
                && response.path("error").isObject()
                && response.path("id").isNull() | !response.has("id")
                && request != null) {
            // The server could not tell whose the error is; the exchange does.
            own = response.deepCopy().put("id", request);
        }
        boolean isAnswer = request != null && !own.has("method") && request.equals(MessageJson.id(own.path("id")));
        answered |= isAnswer;
        channel.inbox().received(new Arrival(own, request, answer, session));
        if (isAnswer) {
            finish();
        }
    }

    /** Ignores what follows the answer. A stream may still end by itself, so that its connection can be used again. */
    private void finish() {
        ended = true;
        if (!streaming || !channel.later(this::end, END)) {
            end();
        }
    }

    private void completed(@Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
        if (ended) {
            channel.ended(this);
            return;
        }
        if (failure != null) {
            if (streaming && canResume()) {
                resume();
            } else {
                fail(Http.failure(endpoint, failure));
            }
        } else if (response != null) {
            if (streaming) {
                streamEnded();
            } else {
                answeredAtOnce(response.statusCode(), response.headers(), response.body());
            }
        }
    }

    private void answeredAtOnce(int status, HttpHeaders received, byte[] body) {
        boolean isSuccess = status >= 200 && status < 300;
        if (message == null) {
            // The server does not have such a stream, or not any more.
            log.debug("{} answers GET with HTTP status {}", endpoint, status);
            boolean hadOne = delivered.isDone();
            delivered.complete(null);
            end();
            if (hadOne) {
                channel.inbox().sessionEnded();
            }
        } else if (request == null && isSuccess) {
            delivered.complete(null);
            end();
        } else if (request == null || !MediaType.JSON.equals(Http.type(received))) {
            fail(Http.notMcp(endpoint, status, received, "but without JSON"));
        } else if (resumptions > 0) {
            fail(Http.notMcp(endpoint, status, received, "instead of going on with its event stream"));
        } else {
            JsonNode json;
            try {
                json = MessageJson.parse(body, endpoint);
            } catch (MCPConnectionException e) {
                fail(new MCPConnectionException(String.valueOf(e.getMessage()), answer, e));
                return;
            }
            delivered.complete(null);
            receive(json);
            if (!answered) {
                fail(Http.notMcp(endpoint, status, received, "but without the JSON-RPC response to the request"));
            }
        }
    }

    private void streamEnded() {
        if (canResume()) {
            resume();
        } else if (message == null) {
            end();
        } else {
            fail(new MCPConnectionException(endpoint + " ended its event stream without an answer.", answer, null));
        }
    }

    private boolean canResume() {
        boolean possible = message == null
                || (message.hasSession() && parser.lastEventId() != null && resumptions < MAX_RESUMPTIONS);
        return possible && !channel.http().isClosed();
    }

    private void resume() {
        Duration wanted = parser.retry() == null
                ? RETRY.multipliedBy(1L << Math.min(resumptions, MAX_RESUMPTIONS))
                : parser.retry();
        Duration atLeast = wanted.compareTo(MIN_RETRY) < 0 ? MIN_RETRY : wanted;
        Duration wait = atLeast.compareTo(MAX_RETRY) > 0 ? MAX_RETRY : atLeast;
        resumptions++;
        if (!channel.later(this::get, wait)) {
            fail(new MCPConnectionException("The client of " + endpoint + " is closed.", null));
        }
    }

    private void fail(MCPClientException why) {
        if (!ended) {
            end();
            delivered.completeExceptionally(why);
            if (request != null) {
                channel.inbox().failed(request, why);
            } else if (message != null) {
                log.debug("A message was not delivered", why);
            }
        }
    }

    /** Returns whether this is the open stream with the given headers. */
    boolean isListening(Map<String, String> with) {
        return !ended && headers.equals(with);
    }

    @Override
    public CompletableFuture<?> delivered() {
        return delivered;
    }

    @Override
    public void end() {
        ended = true;
        channel.ended(this);
        EventSubscriber reading = events;
        if (reading != null) {
            reading.cancel();
        }
        CompletableFuture<?> sent = current;
        if (sent != null) {
            sent.cancel(true);
        }
    }
}
