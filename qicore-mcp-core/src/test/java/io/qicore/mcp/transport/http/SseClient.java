package io.qicore.mcp.transport.http;

import io.qicore.mcp.Gate;
import io.qicore.mcp.transport.MessageClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client of HTTP+SSE, MCP 2024-11-05. */
final class SseClient extends MessageClient {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final InputStream stream;
    private final CompletableFuture<URI> endpoint = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    SseClient(URI server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/sse"))
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("Status " + response.statusCode());
        }
        stream = response.body();
        Thread reader = new Thread(() -> read(server), "test-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(URI server) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith("data: ") && event.equals("endpoint")) {
                    endpoint.complete(server.resolve(line.substring("data: ".length())));
                } else if (line.startsWith("data: ") && event.equals("message")) {
                    received(line.substring("data: ".length()));
                }
            }
            end.complete(null);
        } catch (IOException e) {
            end.completeExceptionally(e);
        } finally {
            ended();
        }
    }

    URI endpoint() throws Exception {
        return endpoint.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of the stream; throws if it was broken off. */
    void awaitEnd() throws Exception {
        end.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The status of a message. */
    int post(String message) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(endpoint())
                                .timeout(Gate.PATIENCE)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(message))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Override
    protected void write(String message) throws Exception {
        int status = post(message);
        if (status != 202) {
            throw new IOException("Status " + status);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // Closed already.
        }
        ended();
    }
}
