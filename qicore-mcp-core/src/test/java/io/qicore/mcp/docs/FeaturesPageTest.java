package io.qicore.mcp.docs;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/features.md} shows compiles. */
class FeaturesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "features.md");

    private static final String FRAME = """
            import io.qicore.mcp.auth.*;
            import io.qicore.mcp.auth.apikey.*;
            import io.qicore.mcp.auth.oauth.*;
            import io.qicore.mcp.client.MCPClient;
            import io.qicore.mcp.engine.*;
            import io.qicore.mcp.engine.access.*;
            import io.qicore.mcp.engine.message.*;
            import io.qicore.mcp.policy.*;
            import io.qicore.mcp.prompt.*;
            import io.qicore.mcp.resource.*;
            import io.qicore.mcp.server.*;
            import io.qicore.mcp.skill.*;
            import io.qicore.mcp.task.*;
            import io.qicore.mcp.tool.*;
            import io.qicore.mcp.transport.*;
            import io.qicore.mcp.transport.http.*;
            import io.qicore.mcp.transport.servlet.*;
            import io.qicore.mcp.transport.stdio.*;
            import java.net.URI;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.*;

            abstract class Page {
                interface Orders {
                    String json(String id);
                    List<String> idsBeginningWith(String typed);
                    AutoCloseable onChange(Runnable changed);
                    long count(int day, Duration limit);
                    void delete(String id);
                    String report(int year);
                    Optional<Caller> callerOf(String credentials);
                    void audit(String subject, String method, CallOutcome outcome, Duration took);
                }
                interface Out {
                    void write(byte[] message);
                }
                static final class OrdersMCPServer extends StatelessMCPServer {
                    OrdersMCPServer(ServerSettings settings) {
                        super(new ServerInfo("orders", "1.0"), settings);
                    }
                    public List<MCPTool> tools() {
                        return List.of();
                    }
                }
                Orders orders;
                StatelessMCPServer server;
                jakarta.servlet.ServletContext servletContext;
                byte[] bytes;
                Out out;
            %s
            }
            """;

    @Test
    void snippets_compile(@TempDir Path classes) throws Exception {
        Snippets.compile(PAGE, FRAME, 14, classes);
    }
}
