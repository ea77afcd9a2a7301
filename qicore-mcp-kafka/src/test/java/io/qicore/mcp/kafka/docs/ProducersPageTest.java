package io.qicore.mcp.kafka.docs;

import static io.qicore.mcp.kafka.producer.local.TestRuntime.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/producers.md} shows is accepted and compiles. */
class ProducersPageTest {

    private static final Path PAGE = Path.of("..", "docs", "producers.md");

    private static final String IMPORTS = """
            import io.qicore.mcp.kafka.source.*;
            import io.qicore.mcp.tool.Schema;
            import java.io.IOException;
            import java.time.Duration;
            import java.util.List;

            interface Plant {
                static Plant connect(String url) {
                    throw new UnsupportedOperationException();
                }
                Measurement read(List<String> sensors, long from, Duration timeout) throws IOException;
                void close();
            }

            record Measurement(String sensor, long number, byte[] json) {}
            """;

    @Test
    void configs_areAccepted_andEveryTypeHasOne() throws Exception {
        SourceTypes types = SourceTypes.discover();
        List<SourceSpec> specs = snippets("json").stream()
                .map(json -> types.read(config(json), "t"))
                .toList();

        assertThat(specs).extracting(SourceSpec::type).containsExactlyElementsOf(types.names());
    }

    @Test
    void everyState_isExplained() throws Exception {
        String page = Files.readString(PAGE);

        for (ProducerState state : ProducerState.values()) {
            assertThat(page).contains("| `" + state.text() + "` |");
        }
    }

    @Test
    void sources_compile(@TempDir Path classes) throws Exception {
        // The other snippet needs the testkit, which this module cannot have.
        List<String> snippets = snippets("java").stream()
                .filter(snippet -> !snippet.contains("CryptoCompareStandIn"))
                .toList();
        assertThat(snippets).hasSize(1);
        StringWriter problems = new StringWriter();

        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        problems,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(new Source(IMPORTS + snippets.get(0))))
                .call();

        assertThat(compiled).as(problems.toString()).isTrue();
    }

    private static List<String> snippets(String language) throws Exception {
        Pattern snippet = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$");
        return snippet.matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///SensorType.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
