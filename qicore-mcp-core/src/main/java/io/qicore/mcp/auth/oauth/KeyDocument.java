package io.qicore.mcp.auth.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JWK set of an authorization server, which is found through its metadata unless its URL is known. It is fetched at most
 * once in an interval, however many tokens name keys that it does not have. Thread-safe.
 */
final class KeyDocument implements ResourceRetriever {

    /** Without any keys, they are needed sooner. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final URI issuer;
    private final @Nullable URI fixedUrl;
    private final Duration interval;
    private final Fetcher fetcher = new Fetcher();

    // Guarded by this.
    private @Nullable URI url;
    private long next = System.nanoTime();
    private boolean fetchedOnce;

    /** @param url the URL of the set; null to find it through the metadata of the issuer */
    KeyDocument(URI issuer, @Nullable URI url, Duration interval) {
        this.issuer = issuer;
        this.fixedUrl = url;
        this.url = url;
        this.interval = interval;
    }

    @Override
    public synchronized Resource retrieveResource(URL ignored) throws IOException {
        long now = System.nanoTime();
        if (now - next < 0) {
            throw new IOException("The keys of " + issuer + " have been asked for a moment ago.");
        }
        next = now + (fetchedOnce ? interval : RETRY).toNanos();
        URI from = url == null ? keysUrl() : url;
        // The next attempt after a failure looks for it again: the issuer may have moved it.
        url = fixedUrl;
        Resource keys = new Resource(fetcher.fetch(from), "application/json");
        url = from;
        next = now + interval.toNanos();
        fetchedOnce = true;
        return keys;
    }

    /** Reads the metadata of the authorization server: RFC 8414, then OpenID Connect Discovery. */
    private URI keysUrl() throws IOException {
        IOException failure = new IOException("There is no metadata of " + issuer + ".");
        for (URI candidate : metadataUrls(issuer)) {
            try {
                JsonNode metadata = Json.read(fetcher.fetch(candidate).getBytes(StandardCharsets.UTF_8));
                if (!issuer.toString().equals(metadata.path("issuer").asText())) {
                    throw new IOException(candidate + " is the metadata of another issuer.");
                }
                URI keys = URI.create(metadata.path("jwks_uri").asText());
                Fetcher.requireSafe("jwks_uri of " + candidate, keys);
                return keys;
            } catch (IOException | IllegalArgumentException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    static List<URI> metadataUrls(URI issuer) {
        String path = issuer.getRawPath() == null ? "" : issuer.getRawPath().replaceFirst("/$", "");
        String root = issuer.getScheme() + "://" + issuer.getRawAuthority();
        URI inserted = URI.create(root + "/.well-known/oauth-authorization-server" + path);
        URI openIdInserted = URI.create(root + "/.well-known/openid-configuration" + path);
        URI openId = URI.create(root + path + "/.well-known/openid-configuration");
        return path.isEmpty() ? List.of(inserted, openId) : List.of(inserted, openIdInserted, openId);
    }
}
