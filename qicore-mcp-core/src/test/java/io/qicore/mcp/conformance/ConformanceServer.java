package io.qicore.mcp.conformance;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.http.HttpTransport;
import java.util.List;
import java.util.stream.Stream;

/**
 * The server that the official conformance suite tests. What it offers, and under which names, the suite says.
 *
 * @see <a href="https://github.com/modelcontextprotocol/conformance">The suite</a>
 */
public final class ConformanceServer extends StatelessMCPServer {

    private ConformanceServer(ServerSettings settings) {
        super(
                new ServerInfo("qicore-conformance", "1.0.0", "Conformance", "Only for the conformance suite."),
                settings);
    }

    /**
     * Serves until the process is ended, and prints where.
     *
     * @param args the port; 0 takes a free one
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: ConformanceServer PORT");
            System.exit(2);
        }
        HttpTransport http = HttpTransport.onPort(Integer.parseInt(args[0]));
        ConformanceServer server = new ConformanceServer(ServerSettings.builder()
                .transport(http)
                .taskStore(new InMemoryTaskStore())
                .build());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "conformance-shutdown"));
        server.start();
        System.out.println(http.uri());
        Thread.currentThread().join();
    }

    @Override
    public List<MCPTool> tools() {
        return Stream.of(
                        ContentTools.all(),
                        NotifyingTools.all(),
                        ChangeTools.all(this::toolsChanged, this::promptsChanged),
                        QuestionTools.all(),
                        FormTools.all(),
                        InputRequiredTools.all(),
                        SchemaTools.all(),
                        TaskTools.all())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<MCPResource> resources() {
        return SuiteResources.all();
    }

    @Override
    public List<MCPPrompt> prompts() {
        return SuitePrompts.all();
    }

    @Override
    public List<MCPSkill> skills() {
        return List.of(
                MCPSkill.fromClasspath(ConformanceServer.class, "conformance/read-a-file", "references/details.md"));
    }
}
