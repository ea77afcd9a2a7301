package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.channel.Serial;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Inputs;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.ServerMessages;
import io.qicore.mcp.internal.engine.rpc.LogLevels;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.tool.LogLevel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what a server sends besides answers and progress. Thread-safe. */
final class FromServer implements ServerMessages {

    private static final Logger log = LoggerFactory.getLogger(FromServer.class);

    private final LogLimit warnings = new LogLimit(20);

    /** How many log messages may wait for a listener that is slower than the server. */
    private static final int MAX_WAITING = 1_000;

    private static final long MAX_WAITING_BYTES = 16 << 20;

    private final Inputs inputs;
    private final @Nullable LogLevel logLevel;
    private final @Nullable Consumer<LogMessage> logListener;
    private volatile @Nullable Protocol protocol;
    private volatile @Nullable Subscriptions subscriptions;
    private volatile @Nullable Serial order;
    private volatile Runnable onOtherCredentials = () -> {};

    /** @param logLevel from which severity on log messages are passed on; null for none */
    FromServer(Inputs inputs, @Nullable LogLevel logLevel, @Nullable Consumer<LogMessage> logListener) {
        this.inputs = inputs;
        this.logLevel = logLevel;
        this.logListener = logListener;
    }

    /** Sets what the messages belong to. Called once, before there are any. */
    void attach(Protocol attached, Subscriptions told, ResponseCache cache) {
        onOtherCredentials = cache::forgetPrivate;
        protocol = attached;
        subscriptions = told;
        order = new Serial(attached.callbacks(), MAX_WAITING, MAX_WAITING_BYTES);
    }

    @Override
    public void notified(String method, JsonNode params) {
        Subscriptions told = subscriptions;
        if (method.equals(MethodNames.MESSAGE)) {
            logged(params);
        } else if (told != null) {
            told.notified(method, params);
        }
    }

    private void logged(JsonNode params) {
        Consumer<LogMessage> listener = logListener;
        Serial serial = order;
        LogLevel lowest = logLevel;
        if (listener == null || lowest == null || serial == null || !params.has("data")) {
            return;
        }
        try {
            LogMessage message = new LogMessage(
                    LogLevels.parse(params.path("level")), params.path("logger").textValue(), params.get("data"));
            // Servers without sessions cannot remember the level that was set.
            if (message.level().compareTo(lowest) >= 0) {
                serial.offer(() -> listener.accept(message), MessageJson.size(params));
            }
        } catch (RpcException unknownLevel) {
            log.debug("A log message of a server has an unknown level", unknownLevel);
        } catch (RejectedExecutionException closed) {
            log.debug("A log message came after the client was closed", closed);
        }
    }

    @Override
    public void agreed() {
        Subscriptions told = subscriptions;
        if (told != null) {
            told.renew();
        }
    }

    @Override
    public void lost() {
        Subscriptions told = subscriptions;
        if (told != null) {
            told.interrupted();
        }
    }

    @Override
    public void credentialsChanged() {
        onOtherCredentials.run();
    }

    @Override
    public CompletableFuture<JsonNode> asked(String method, JsonNode params) {
        Protocol from = protocol;
        if (method.equals(MethodNames.PING)) {
            return CompletableFuture.completedFuture(Json.object());
        }
        if (from == null || !Inputs.isQuestion(method)) {
            return CompletableFuture.failedFuture(
                    new Refused(new RpcError(RpcError.METHOD_NOT_FOUND, "The client does not have this method.")));
        }
        return inputs.answer(from.callbacks(), from, method, params).exceptionally(failure -> {
            Throwable why = Failures.unwrapped(failure);
            if (warnings.allows()) {
                log.warn("A question of {} is not answered", from, LogText.of(why));
            }
            // The cause may tell what is not for the server.
            throw new Refused(
                    why instanceof MCPInputException && why.getCause() == null
                            ? new RpcError(RpcError.INVALID_PARAMS, "The client does not support this question.")
                            : new RpcError(RpcError.INTERNAL_ERROR, "The client could not answer."));
        });
    }
}
