package io.qicore.mcp.kafka;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.internal.KafkaPrompts;
import io.qicore.mcp.kafka.internal.KafkaResources;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.lag.LagWatch;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the servers have in common that administer a cluster through an Admin client and watch the lag of its groups. */
abstract class AdminMCPServer extends StatelessMCPServer {

    private final AdminHandle admin;
    private final LagWatch lagWatch;

    AdminMCPServer(ServerInfo info, AdminHandle admin) {
        super(info);
        this.admin = admin;
        this.lagWatch = new LagWatch(admin);
    }

    /** The tools of this kind of server, whatever its policy allows. */
    abstract List<MCPTool> allTools(AdminHandle handle);

    @Override
    public List<MCPTool> tools() {
        return OfferedTools.under(admin.policy(), allTools(admin));
    }

    /** {@code kafka://groups/{group}/lag}, where {@code get_consumer_lag} is. */
    @Override
    public List<MCPResource> resources() {
        List<MCPResource> resources = new ArrayList<>();
        if (admin.policy().allowsTool("get_consumer_lag")) {
            resources.addAll(KafkaResources.lag(admin, lagWatch));
        }
        return resources;
    }

    /** {@code diagnose_consumer_lag}. */
    @Override
    public List<MCPPrompt> prompts() {
        return List.of(KafkaPrompts.diagnoseLag(admin, offered()));
    }

    final AdminHandle admin() {
        return admin;
    }

    /** The names of the tools that the policy leaves. */
    final Set<String> offered() {
        return tools().stream().map(MCPTool::name).collect(Collectors.toSet());
    }

    @Override
    protected final void connect() {
        admin.open();
    }

    @Override
    protected final void disconnect() {
        lagWatch.close();
        admin.close();
    }
}
