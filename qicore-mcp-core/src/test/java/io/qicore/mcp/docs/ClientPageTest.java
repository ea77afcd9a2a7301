package io.qicore.mcp.docs;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/client.md} shows compiles. */
class ClientPageTest {

    private static final Path PAGE = Path.of("..", "docs", "client.md");

    private static final String FRAME = """
            import com.fasterxml.jackson.databind.JsonNode;
            import io.qicore.mcp.client.*;
            import io.qicore.mcp.client.endpoint.*;
            import io.qicore.mcp.client.error.*;
            import io.qicore.mcp.client.handler.*;
            import io.qicore.mcp.client.model.*;
            import io.qicore.mcp.client.oauth.*;
            import io.qicore.mcp.server.*;
            import io.qicore.mcp.tool.*;
            import java.net.URI;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.CompletableFuture;

            abstract class Page {
                StatelessMCPServer server;
                MCPClient client;
                URI uri;
                String key;
                String id;
                String secret;
                abstract URI browserOf(URI page);
                abstract boolean ask(String server, String question);
                abstract boolean browser(URI page);
            %s
            }
            """;

    @Test
    void snippets_compile(@TempDir Path classes) throws Exception {
        Snippets.compile(PAGE, FRAME, 13, classes);
    }
}
