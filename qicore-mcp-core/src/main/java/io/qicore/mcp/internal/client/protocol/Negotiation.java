package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.internal.client.channel.Channel;
import io.qicore.mcp.internal.client.protocol.Pending.Answer;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the newest revision that client and server both speak: asks by {@code server/discover}, which all servers of 2026-07-28
 * have, and shakes hands with any other server. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning">MCP 2026-07-28, Versioning</a>
 */
final class Negotiation {

    private static final Logger log = LoggerFactory.getLogger(Negotiation.class);

    private static final Duration LISTEN_TIMEOUT = Duration.ofMillis(500);

    private static final String INITIALIZED = "notifications/initialized";
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;

    private final ProtocolMode mode;
    private final Declaration declaration;
    private final Duration probeTimeout;
    private final Function<Channel, Wire> wires;

    /**
     * @param probeTimeout how long a server that may not answer what it does not know has for the answer
     * @param wires makes the wire on an older channel
     */
    Negotiation(ProtocolMode mode, Declaration declaration, Duration probeTimeout, Function<Channel, Wire> wires) {
        this.mode = mode;
        this.declaration = declaration;
        this.probeTimeout = probeTimeout;
        this.wires = wires;
    }

    /**
     * Negotiates.
     *
     * @param again whether a session with this server has expired, so that it is known to need a handshake
     * @param remembered the revision that was agreed on with the server before
     */
    CompletableFuture<Peer> negotiate(Wire wire, Scope scope, boolean again, Optional<String> remembered) {
        if (!canShakeHands() && wire.channel().needsHandshake()) {
            return failed(new MCPConnectionException(
                    "HTTP+SSE is not defined for the revisions that this client may speak: " + mode.modernVersions()
                            + ".",
                    null));
        }
        if (!canShakeHands() && !wire.channel().isSilentAboutUnknownMethods()) {
            // There is nothing to choose, and each request says which revision it is in.
            return agreed(wire, ModernEra.unknown(mode.modernVersions().get(0), declaration));
        }
        if (mode.modernVersions().isEmpty() || wire.channel().needsHandshake()) {
            return handshake(wire, scope, mode.legacyVersions().get(0));
        }
        Optional<String> modern = remembered.filter(mode.modernVersions()::contains);
        if (modern.isPresent() && !again) {
            return agreed(wire, ModernEra.unknown(modern.get(), declaration));
        }
        Optional<String> legacy = remembered.filter(mode.legacyVersions()::contains);
        if (!again && legacy.isEmpty()) {
            return probe(wire, scope, mode.modernVersions().get(0), true);
        }
        return handshake(wire, scope, legacy.orElse(mode.legacyVersions().get(0)))
                .handle((peer, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(peer);
                    }
                    Throwable why = Failures.unwrapped(failure);
                    // The server may have become one of a newer revision.
                    return mayBeOfTheOtherKind(wire, scope, why)
                            ? probe(wire, scope, mode.modernVersions().get(0), true)
                            : Negotiation.<Peer>failed(why);
                })
                .thenCompose(Function.identity());
    }

    private CompletableFuture<Peer> probe(Wire wire, Scope scope, String version, boolean first) {
        boolean mayBeSilent = wire.channel().isSilentAboutUnknownMethods() && canShakeHands();
        Scope probing = mayBeSilent ? scope.within(probeTimeout) : scope;
        return wire.request(
                        probing,
                        ModernEra.unknown(version, declaration),
                        MethodNames.DISCOVER,
                        Json.object(),
                        RequestOptions.NONE)
                .handle((answer, failure) -> {
                    if (probing != scope) {
                        probing.close();
                    }
                    return failure == null
                            ? discovered(wire, scope, answer)
                            : notDiscovered(wire, scope, first, Failures.unwrapped(failure));
                })
                .thenCompose(Function.identity());
    }

    private CompletableFuture<Peer> discovered(Wire wire, Scope scope, Answer answer) {
        JsonNode result = answer.result();
        if (!result.path("supportedVersions").isArray()) {
            return canShakeHands()
                    ? handshake(wire, scope, mode.legacyVersions().get(0))
                    : failed(new MCPConnectionException(
                            wire.channel() + " answered server/discover without supportedVersions: it does not speak "
                                    + mode.modernVersions().get(0) + ".",
                            null));
        }
        return newest(mode.modernVersions(), result.path("supportedVersions"))
                .map(version -> agreed(wire, new ModernEra(version, declaration, ModernEra.describe(version, result))))
                .orElseGet(() -> older(wire, scope, result.path("supportedVersions"), null));
    }

    private CompletableFuture<Peer> notDiscovered(Wire wire, Scope scope, boolean first, Throwable failure) {
        if (failure instanceof MCPProtocolException error) {
            int code = error.code();
            if (code == RpcError.UNSUPPORTED_PROTOCOL_VERSION && error.data() != null) {
                JsonNode supported = error.data().path("supported");
                Optional<String> modern = newest(mode.modernVersions(), supported);
                return modern.isPresent() && first
                        ? probe(wire, scope, modern.get(), false)
                        : older(wire, scope, supported, error);
            }
            if (code == RpcError.HEADER_MISMATCH || code == RpcError.MISSING_CLIENT_CAPABILITY) {
                // Not the error itself, which could be taken for one of the request that waits for the revision.
                return failed(new MCPConnectionException(
                        wire.channel() + " does not accept server/discover: " + error.getMessage(), error));
            }
        }
        return mayBeOfTheOtherKind(wire, scope, failure)
                ? handshake(wire, scope, mode.legacyVersions().get(0))
                : failed(failure);
    }

    /** Returns whether a failure may be the answer of a server of the other kind of revision. */
    private boolean mayBeOfTheOtherKind(Wire wire, Scope scope, Throwable failure) {
        if (!canShakeHands() || scope.remaining().isZero() || !(failure instanceof MCPClientException known)) {
            return false;
        }
        int status = known.httpStatus().orElse(0);
        if (status == 0) {
            return known instanceof MCPProtocolException error
                    ? error.code() != RpcError.BUSY
                            && error.code() != RpcError.UNAUTHENTICATED
                            && error.code() != RpcError.FORBIDDEN
                    : wire.channel().isSilentAboutUnknownMethods();
        }
        // Other answers do not decide: the server may be busy or restarting, or want credentials first.
        return status < 300
                || (status >= 400
                        && status < 500
                        && status != UNAUTHORIZED
                        && status != FORBIDDEN
                        && status != TIMEOUT
                        && status != TOO_MANY);
    }

    private CompletableFuture<Peer> older(
            Wire wire, Scope scope, JsonNode supported, @Nullable MCPProtocolException error) {
        return newest(mode.legacyVersions(), supported)
                .map(version -> handshake(wire, scope, version))
                .orElseGet(() -> failed(
                        error != null && !canShakeHands()
                                ? error
                                : new MCPConnectionException(
                                        wire.channel() + " speaks " + LogText.of(supported.toString())
                                                + ", and this client may only speak " + mode.modernVersions() + " and "
                                                + mode.legacyVersions() + ".",
                                        error)));
    }

    /** Returns whether the client may use a revision with a handshake, so that there is more than one to choose from. */
    boolean canShakeHands() {
        return !mode.legacyVersions().isEmpty();
    }

    /** Returns whether the client may use a revision without a handshake. */
    boolean canBeModern() {
        return !mode.modernVersions().isEmpty();
    }

    private CompletableFuture<Peer> handshake(Wire wire, Scope scope, String version) {
        return wire.request(
                        scope,
                        LegacyEra.unknown(declaration),
                        MethodNames.INITIALIZE,
                        LegacyEra.handshake(version, declaration),
                        RequestOptions.NONE)
                .handle((answer, failure) -> failure == null
                        ? shaken(wire, scope, answer)
                        : notShaken(wire, scope, version, Failures.unwrapped(failure)))
                .thenCompose(Function.identity());
    }

    private CompletableFuture<Peer> shaken(Wire wire, Scope scope, Answer answer) {
        ServerDescription server = LegacyEra.describe(answer.result());
        if (!mode.legacyVersions().contains(server.protocolVersion())) {
            return failed(new MCPConnectionException(
                    wire.channel() + " wants to speak revision '" + LogText.of(server.protocolVersion())
                            + "', and this client may only speak " + mode.legacyVersions() + ".",
                    null));
        }
        LegacyEra era = new LegacyEra(declaration, server, answer.session());
        wire.agree(era);
        // Requests before it would be too early.
        return wire.send(era, INITIALIZED, Json.object()).thenCompose(sent -> {
            String level = declaration.level();
            boolean logs = level != null && server.capabilities().has("logging");
            if (logs) {
                setLogLevel(wire, scope, era, level);
            }
            return (declaration.capabilities().isEmpty() && !logs
                            ? CompletableFuture.completedFuture(null)
                            : listening(wire, scope, era))
                    .thenApply(listening -> new Peer(wire, era));
        });
    }

    /**
     * Opens the stream on which some servers ask their questions and send log messages. Does not wait long for servers that do not
     * answer at once.
     */
    private static CompletableFuture<?> listening(Wire wire, Scope scope, LegacyEra era) {
        return CompletableFuture.anyOf(wire.channel().listen(era.headers()), scope.delay(LISTEN_TIMEOUT))
                .exceptionally(failure -> {
                    log.debug("{} does not have a stream for its own messages", wire.channel(), failure);
                    return null;
                });
    }

    private static void setLogLevel(Wire wire, Scope scope, LegacyEra era, String level) {
        wire.request(scope, era, MethodNames.SET_LOG_LEVEL, Json.object().put("level", level), RequestOptions.NONE)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        log.warn("{} did not take the log level {}", wire.channel(), level, LogText.of(failure));
                    }
                });
    }

    /** Tries HTTP+SSE where Streamable HTTP is not known. */
    private CompletableFuture<Peer> notShaken(Wire wire, Scope scope, String version, Throwable failure) {
        Optional<Channel> older = wire.channel().older();
        if (older.isPresent() && isUnknownAddress(failure)) {
            Wire other = wires.apply(older.get());
            return handshake(other, scope, version)
                    .handle((peer, again) -> {
                        if (again == null) {
                            wire.close();
                            return CompletableFuture.completedFuture(peer);
                        }
                        other.close();
                        // What the address said first is about what the application asked for, unless the time is up or
                        // the client closed.
                        return Negotiation.<Peer>failed(scope.isOpen() ? failure : Failures.unwrapped(again));
                    })
                    .thenCompose(Function.identity());
        }
        return failed(failure);
    }

    /** Returns whether an address does not take messages, although something answers there. */
    private static boolean isUnknownAddress(Throwable failure) {
        int status =
                failure instanceof MCPClientException known ? known.httpStatus().orElse(0) : 0;
        return status == NOT_FOUND
                || status == METHOD_NOT_ALLOWED
                || (status == BAD_REQUEST && failure instanceof MCPConnectionException);
    }

    private static CompletableFuture<Peer> agreed(Wire wire, Era era) {
        wire.agree(era);
        return CompletableFuture.completedFuture(new Peer(wire, era));
    }

    private static Optional<String> newest(List<String> known, JsonNode supported) {
        return known.stream()
                .filter(version -> {
                    for (JsonNode other : supported) {
                        if (version.equals(other.textValue())) {
                            return true;
                        }
                    }
                    return false;
                })
                .findFirst();
    }

    private static <T> CompletableFuture<T> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
