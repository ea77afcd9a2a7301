package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.producer.runtime.ProducerErrors;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The way of every tool to the runtime. Shows and commands only the producers that the caller may see.
 *
 * @param runtime the runtime, once the server is initialized
 */
record ProducerControl(KafkaPolicy policy, Supplier<ProducerRuntime> runtime) {

    /** The pattern of ids of producers. Names of dots only cannot be a part of the path of a URL. */
    static final String SOURCE_ID = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$";

    /** A command to the runtime about one producer. */
    @FunctionalInterface
    interface Command {
        ProducerStatus send(ProducerRuntime runtime, Duration timeout) throws InterruptedException;
    }

    ProducerPermissions permissions(RequestContext context) {
        return new ProducerPermissions(policy, context.caller());
    }

    /** Returns the producers that the caller may see. */
    List<ProducerStatus> visible(RequestContext context) throws InterruptedException {
        return permissions(context).visible(runtime.get().status(CallTime.toWait(context)));
    }

    /**
     * Sends a command about a producer that must exist.
     *
     * @throws MCPToolError if there is no such producer, or the caller may not see it
     */
    ProducerStatus command(String sourceId, RequestContext context, Command command) throws InterruptedException {
        ProducerPermissions permissions = permissions(context);
        if (!permissions.everyTopic()) {
            List<String> visible =
                    visible(context).stream().map(ProducerStatus::sourceId).toList();
            if (!visible.contains(sourceId)) {
                throw ProducerErrors.notFound(sourceId, visible);
            }
        }
        try {
            return command.send(runtime.get(), CallTime.toWait(context));
        } catch (MCPToolError e) {
            throw permissions.everyTopic()
                    ? e
                    : permissions.withoutHidden(e, sourceId, runtime.get().status(CallTime.toWait(context)));
        }
    }
}
