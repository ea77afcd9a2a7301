package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Decides which connectors a caller may see and command. The topics of a connector are known for certain only if it is a producer, so a
 * caller that may not use every topic gets only producers, and only those whose topics it may use. Immutable.
 */
record ConnectorAccess(KafkaPolicy policy, Connectors connectors, SourceTypes types) {

    private static final int MAX_NAMES = 50;

    Deadline deadline(RequestContext context) {
        return Deadline.in(CallTime.toWait(context));
    }

    /** Returns the connectors that the caller may see, by name. */
    List<Connector> visible(RequestContext context, Deadline deadline) throws InterruptedException {
        return connectors.all(deadline).stream()
                .filter(connector -> isVisible(connector, context))
                .sorted(Comparator.comparing(Connector::name))
                .toList();
    }

    /**
     * Returns a connector.
     *
     * @throws MCPToolError {@link KafkaErrorCode#CONNECTOR_NOT_FOUND} if there is none, or the caller may not see it
     */
    Connector require(String name, RequestContext context, Deadline deadline) throws InterruptedException {
        // Of the list, because not every name can be a part of the path of a URL.
        List<Connector> visible = visible(context, deadline);
        return visible.stream()
                .filter(connector -> connector.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        notFound(name, visible.stream().map(Connector::name).toList()));
    }

    /** Returns whether a connector is a producer that reads topics. */
    boolean copies(Connector connector) {
        if (!ConnectProducer.is(connector)) {
            return false;
        }
        SourceSpec spec = ConnectProducer.of(connector.name(), connector, types).spec();
        return spec == null || !spec.topicsRead().isEmpty();
    }

    private boolean isVisible(Connector connector, RequestContext context) {
        Permissions permissions = new Permissions(policy, context.caller());
        if (permissions.everyTopic()) {
            return true;
        }
        if (!ConnectProducer.is(connector)) {
            return false;
        }
        SourceSpec spec = ConnectProducer.of(connector.name(), connector, types).spec();
        return spec != null
                && permissions.topic(spec.topic())
                && spec.topicsRead().stream().allMatch(permissions::topic);
    }

    private static MCPToolError notFound(String name, List<String> known) {
        String hint = ClosestName.to(name, known)
                .map(near -> " Did you mean '" + near + "'?")
                .orElse("");
        return new MCPToolError(
                KafkaErrorCode.CONNECTOR_NOT_FOUND,
                "The Connect cluster does not have a connector '" + name + "'." + hint
                        + " list_connectors returns all.",
                Map.of("name", name, "known", known.subList(0, Math.min(known.size(), MAX_NAMES))));
    }
}
