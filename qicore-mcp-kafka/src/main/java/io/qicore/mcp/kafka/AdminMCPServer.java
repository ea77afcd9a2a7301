package io.qicore.mcp.kafka;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.internal.KafkaPrompts;
import io.qicore.mcp.kafka.internal.KafkaResources;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.lag.LagSampleCodec;
import io.qicore.mcp.kafka.internal.lag.LagWatch;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The base of servers that administer a cluster through an Admin client and watch the lag of its consumer groups. */
abstract class AdminMCPServer extends StatelessMCPServer {

    private final AdminHandle admin;
    private final KafkaOptions options;
    private final LagSampleCodec lagSamples;
    private final LagWatch lagWatch;

    AdminMCPServer(ServerInfo info, AdminHandle admin, KafkaOptions options) {
        super(info, options.server());
        this.admin = admin;
        this.options = options;
        this.lagSamples = LagSampleCodec.withStateKeys(
                options.server().stateKey(), options.server().acceptedStateKeys());
        this.lagWatch = new LagWatch(admin, options.lagCheckInterval());
    }

    /** Makes the tools of this kind of server, including those that its policy does not allow. */
    abstract List<MCPTool> allTools();

    @Override
    public final List<MCPTool> tools() {
        return OfferedTools.under(options.policy(), allTools());
    }

    /** Makes the resource {@code kafka://groups/{group}/lag}, if the policy allows {@code get_consumer_lag}. */
    @Override
    public List<MCPResource> resources() {
        return options.policy().allowsTool("get_consumer_lag")
                ? KafkaResources.lag(admin, lagSamples, lagWatch, options.lagThreshold())
                : List.of();
    }

    /** Makes the prompt {@code diagnose_consumer_lag}. */
    @Override
    public List<MCPPrompt> prompts() {
        return List.of(KafkaPrompts.diagnoseLag(admin, offeredNames()));
    }

    /** Reads the skills {@code diagnose-consumer-lag} and {@code reset-consumer-group}. */
    @Override
    public List<MCPSkill> skills() {
        return List.of(skill("diagnose-consumer-lag"), skill("reset-consumer-group"));
    }

    static MCPSkill skill(String name) {
        return MCPSkill.fromClasspath(AdminMCPServer.class, "kafka/" + name);
    }

    final AdminHandle admin() {
        return admin;
    }

    final KafkaOptions options() {
        return options;
    }

    final LagSampleCodec lagSamples() {
        return lagSamples;
    }

    /** Returns the names of the tools that the policy allows. */
    final Set<String> offeredNames() {
        return offeredTools().stream().map(MCPTool::name).collect(Collectors.toSet());
    }

    @Override
    protected final void connect() {
        admin.open();
    }

    @Override
    protected void disconnect() throws InterruptedException {
        lagWatch.close();
        admin.close();
    }
}
