package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.internal.header.Addresses;
import io.qicore.mcp.internal.header.MediaType;
import io.qicore.mcp.internal.header.Origin;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides by the method and the headers of a request whether its body is read, and for which caller. Thread-safe. */
public final class Admission {

    private static final int MAX_QUOTED_LENGTH = 260;

    private final HttpAccess access;
    private final int maxBodyBytes;
    private final Addresses proxies;
    private final Set<Origin> origins;
    private final Set<String> hosts;
    private final ResourceMetadata metadata;
    private final Authentications authentications;

    /** @param maxBodyBytes maximum size of a body, in bytes */
    public Admission(HttpAccess access, int maxBodyBytes) {
        this.access = access;
        this.maxBodyBytes = maxBodyBytes;
        this.proxies = new Addresses(access.trustedProxies());
        this.origins = access.allowedOrigins().stream()
                .map(origin -> Objects.requireNonNull(Origin.parse(origin)))
                .collect(Collectors.toCollection(HashSet::new));
        this.hosts = new HashSet<>(access.allowedHosts());
        hosts.addAll(Origin.LOOPBACK_HOSTS);
        // The form in which some containers return it.
        hosts.add("::1");
        access.publicUrl().ifPresent(url -> {
            origins.add(Origin.of(url));
            hosts.add(url.getHost().toLowerCase(Locale.ROOT));
        });
        this.metadata = new ResourceMetadata(access.authenticator());
        this.authentications = new Authentications(access.authenticator(), metadata, Authentications.TIMEOUT);
    }

    /** Returns what clients of OAuth read about the server. */
    public ResourceMetadata metadata() {
        return metadata;
    }

    /** Returns the maximum size of a body, in bytes. */
    int maxBodyBytes() {
        return maxBodyBytes;
    }

    /** Returns the path before the path of an endpoint, as a proxy has added it; empty if there is none. */
    String pathPrefix(String endpoint) {
        String path = access.publicUrl().map(URI::getRawPath).orElse("");
        return path.endsWith(endpoint) ? path.substring(0, path.length() - endpoint.length()) : "";
    }

    /**
     * Returns why the sender of a request is refused, whatever the method; null if the sender is accepted. A page of an allowed
     * origin may then read the answer, whatever it is.
     */
    public @Nullable Refusal refuseSender(Exchange request) {
        String origin = request.header("Origin");
        if (origin != null && !isAllowed(origin, request.onLoopback())) {
            return new Refusal(
                    403,
                    "Origin " + shortened(origin) + " is not allowed. If pages of it may use this server, add it to"
                            + " allowedOrigins of its HttpAccess, or to the setting ..._MCP_ALLOWED_ORIGINS.");
        }
        if (request.onLoopback() || !access.allowedHosts().isEmpty()) {
            String unknown = unknownHost(request);
            if (unknown != null) {
                return new Refusal(
                        403,
                        "Host " + shortened(unknown)
                                + " is not a name of this server. If clients reach it by this name,"
                                + " add it to allowedHosts of its HttpAccess, or to the setting ..._MCP_ALLOWED_HOSTS.");
            }
        }
        if (origin != null) {
            Cors.allow(request, origin);
        }
        return null;
    }

    /** Returns the host that a request is addressed to, if it is none of this server; otherwise null. */
    private @Nullable String unknownHost(Exchange request) {
        String host = request.host();
        if (!hosts.contains(host.toLowerCase(Locale.ROOT))) {
            return host;
        }
        String forwarded = new Forwarded(request, proxies).host();
        if (forwarded == null) {
            return null;
        }
        Origin original = Origin.parse("http://" + forwarded);
        return original != null && hosts.contains(original.host()) ? null : forwarded;
    }

    /** Returns a client's text for a message. A client may send any text, also one that is far longer than a host name. */
    private static String shortened(String text) {
        return text.length() <= MAX_QUOTED_LENGTH ? text : text.substring(0, MAX_QUOTED_LENGTH) + "…";
    }

    /**
     * Answers a request whose sender or method is not accepted, and the question of a browser whether a page may send a request.
     * Returns false for any other request, which is not answered yet.
     *
     * @param method the method that the endpoint serves
     */
    boolean answers(Exchange request, String method) {
        Refusal refusal = refuseSender(request);
        if (refusal == null && Cors.isPreflight(request)) {
            Cors.answerPreflight(request, method);
            return true;
        }
        if (refusal == null && !method.equals(request.method())) {
            refusal = new Refusal(405, "Only " + method + " is served.", Map.of("Allow", method));
        }
        if (refusal == null) {
            return false;
        }
        refusal.answer(request);
        return true;
    }

    /** Returns why the body of a request is not accepted as a message; null if it is accepted. */
    @Nullable
    Refusal refuseBody(Exchange request) {
        if (!MediaType.isJson(request.header("Content-Type"))) {
            return new Refusal(415, "Content-Type must be application/json, in UTF-8.");
        }
        String encoding = request.header("Content-Encoding");
        if (encoding != null && !isIdentity(encoding)) {
            return new Refusal(
                    415,
                    "Content-Encoding " + shortened(encoding) + " is not supported: send the message as it is.",
                    Map.of("Accept-Encoding", "identity"));
        }
        return request.length() > maxBodyBytes ? tooLarge() : null;
    }

    private static boolean isIdentity(String encoding) {
        for (String coding : encoding.split(",")) {
            if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
                return false;
            }
        }
        return true;
    }

    /** Returns the refusal of a body that is too large. */
    Refusal tooLarge() {
        return new Refusal(413, "A message may have " + maxBodyBytes + " bytes at most.");
    }

    /**
     * Passes an admitted request on with its caller, or answers it. May return before that has been done; the request is then
     * {@linkplain Exchange#detach detached}.
     *
     * @param next continues with the request, on a thread that may block
     */
    void authenticate(Exchange request, Consumer<Caller> next) {
        authentications.authenticate(request, () -> new Head(request, access, proxies), next);
    }

    /** Returns whether requests are authenticated. */
    boolean isAuthenticated() {
        return access.authenticator() != HttpAuthenticator.NONE;
    }

    /** Returns whether the credentials of an authenticated caller have neither expired nor been withdrawn. */
    boolean stillAccepts(Caller caller) {
        return authentications.stillAccepts(caller);
    }

    private boolean isAllowed(String text, boolean onLoopback) {
        Origin origin = Origin.parse(text);
        return origin != null && (origins.contains(origin) || (onLoopback && origin.isLoopback()));
    }
}
