package io.qicore.mcp.internal.client.http;

import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.internal.concurrent.Threads;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client with an end. Java 21 and later can close it. Before, its selector thread ends when the garbage collector
 * finds that the client is not used any more, so that this class forgets it.
 */
public final class JdkHttp implements AutoCloseable {

    private final ExecutorService executor = Threads.perTask("mcp-client");
    private final boolean isOwn;
    private final AtomicReference<@Nullable Optional<String>> lastCredentials = new AtomicReference<>();
    private volatile @Nullable HttpClient client;

    /** Creates the client of an endpoint, or takes its own. */
    public JdkHttp(HttpEndpoint endpoint) {
        HttpClient given = endpoint.httpClient();
        this.isOwn = given == null;
        this.client = given != null
                ? given
                : HttpClient.newBuilder()
                        // One connection for each call in flight, so that a slow answer does not hold up the others.
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(endpoint.connectTimeout())
                        .executor(executor)
                        .build();
    }

    /** Sends a request; after the end, the future fails. */
    public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request, HttpResponse.BodyHandler<byte[]> body) {
        HttpClient current = client;
        if (current == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("closed"));
        }
        try {
            return current.sendAsync(request, body);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Returns whether credentials are other ones than those of the request before. */
    boolean isOther(Optional<String> credentials) {
        Optional<String> last = lastCredentials.getAndSet(credentials);
        return last != null && !last.equals(credentials);
    }

    boolean isClosed() {
        return client == null;
    }

    @Override
    public void close() {
        HttpClient current = client;
        client = null;
        if (isOwn && current != null) {
            try {
                HttpClient.class.getMethod("shutdownNow").invoke(current);
            } catch (NoSuchMethodException olderJvm) {
                // The garbage collector closes the client.
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot close the HTTP client.", e);
            }
        }
        executor.shutdownNow();
    }
}
