package io.qicore.mcp.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/features.md} shows compiles. */
class FeaturesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "features.md");
    private static final Pattern SNIPPET = Pattern.compile("(?m)^ *```java\n(.*?)^ *```$", Pattern.DOTALL);

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
        StringBuilder methods = new StringBuilder();
        int snippets = 0;
        for (Matcher snippet = SNIPPET.matcher(Files.readString(PAGE)); snippet.find(); snippets++) {
            methods.append("void snippet%d() throws Exception {%n%s}%n".formatted(snippets, snippet.group(1)));
        }
        assertThat(snippets).isEqualTo(14);

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(new Source(FRAME.formatted(methods))))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
