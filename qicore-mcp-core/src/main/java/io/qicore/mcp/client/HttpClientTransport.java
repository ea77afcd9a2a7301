package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.ServerAnswer.HttpAnswer;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.header.HeaderText;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Streamable HTTP of MCP 2026-07-28, with one HTTP exchange for each request. */
final class HttpClientTransport implements ClientTransport {

    private final URI uri;
    private final ExecutorService executor = Threads.perTask("mcp-client");
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(executor)
            .build();
    private final Set<CompletableFuture<?>> inFlight = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    HttpClientTransport(URI uri) {
        this.uri = uri;
    }

    @Override
    public ServerAnswer exchange(ObjectNode request, Duration timeout) throws InterruptedException {
        if (closed) {
            throw closed();
        }
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(httpRequest(request), HttpResponse.BodyHandlers.ofByteArray());
        inFlight.add(exchange);
        if (closed) {
            exchange.cancel(true);
        }
        try {
            return read(exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS), request.get("id"));
        } catch (TimeoutException e) {
            throw new MCPConnectionException(uri + " did not answer within " + timeout + ".", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String why = cause instanceof ConnectException ? "nothing listens there" : String.valueOf(cause);
            throw new MCPConnectionException("Cannot reach " + uri + ": " + why + ".", cause);
        } catch (CancellationException e) {
            throw closed();
        } finally {
            inFlight.remove(exchange);
            // In this revision, an HTTP client cancels a call by ending the exchange.
            exchange.cancel(true);
        }
    }

    private MCPConnectionException closed() {
        return new MCPConnectionException("The client of " + uri + " is closed.", null);
    }

    private HttpRequest httpRequest(ObjectNode request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", MCPClient.PROTOCOL_VERSION)
                .header("Mcp-Method", request.get("method").textValue())
                .POST(HttpRequest.BodyPublishers.ofByteArray(Messages.toBytes(request)));
        JsonNode name = request.path("params").get("name");
        if (name != null) {
            builder.header("Mcp-Name", HeaderText.encode(name.textValue()));
        }
        return builder.build();
    }

    private ServerAnswer read(HttpResponse<byte[]> response, JsonNode id) {
        List<String> challenges = response.headers().allValues(Reply.CHALLENGE);
        HttpAnswer http =
                new HttpAnswer(response.statusCode(), challenges.isEmpty() ? null : String.join(", ", challenges));
        return new ServerAnswer(message(response, http, id), http);
    }

    private JsonNode message(HttpResponse<byte[]> response, HttpAnswer http, JsonNode id) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (type.startsWith("text/event-stream")) {
            return fromEvents(new String(response.body(), StandardCharsets.UTF_8), id);
        }
        if (!type.startsWith("application/json")) {
            throw MCPConnectionException.notMcp(
                    uri + " answered with HTTP status " + response.statusCode()
                            + " but without JSON: is it an MCP server?",
                    http);
        }
        return Messages.parse(response.body(), uri);
    }

    private JsonNode fromEvents(String stream, JsonNode id) {
        StringBuilder data = new StringBuilder();
        for (String line : (stream + "\n\n").split("\r\n|\n|\r", -1)) {
            if (line.startsWith("data:")) {
                data.append(line.startsWith("data: ") ? line.substring(6) : line.substring(5))
                        .append('\n');
            } else if (line.isEmpty() && !data.isEmpty()) {
                JsonNode message = Messages.parse(data.toString().getBytes(StandardCharsets.UTF_8), uri);
                // Compared as text, because a parsed number may have another Java type.
                if (id.asText().equals(message.path("id").asText())) {
                    return message;
                }
                data.setLength(0);
            }
        }
        throw new MCPConnectionException(uri + " ended its event stream without an answer.", null);
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    @Override
    public void close() {
        closed = true;
        inFlight.forEach(exchange -> exchange.cancel(true));
        // Exists since Java 21. In earlier versions, the client's selector thread ends when the client is collected.
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(http);
        } catch (NoSuchMethodException olderJvm) {
            // The garbage collector closes the client.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot close the HTTP client.", e);
        }
        executor.shutdownNow();
    }
}
