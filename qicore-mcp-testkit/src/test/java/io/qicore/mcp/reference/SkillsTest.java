package io.qicore.mcp.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.skill.SkillFile;
import io.qicore.mcp.tool.MCPTool;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that the skills of the servers name only tools, arguments and results that exist. */
class SkillsTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
            "TIMESCALE_URL", "postgresql://localhost:5432/metrics");

    /** An identifier in code marks: a tool has underscores, an argument or a result is in camel case. */
    private static final Pattern TOOL = Pattern.compile("`([a-z]+(?:_[a-z]+)+)[`:]");

    private static final Pattern FIELD = Pattern.compile("`([a-z]+[A-Z][A-Za-z]*)[`:]");

    /** Terms of Kafka and PostgreSQL that look like the names of tools. */
    private static final Set<String> OTHER = Set.of("read_committed", "pg_stat_statements");

    @ParameterizedTest
    @CsvSource({"kafka, 3", "consumer, 2", "timescale, 2", "producer, 0"})
    void skills_nameOnlyWhatTheServerHas(String name, int count) {
        try (StatelessMCPServer server = server(name, Map.of());
                StatelessMCPServer full = server(name.equals("consumer") ? "kafka" : name, Map.of())) {
            Set<String> tools = full.offeredTools().stream().map(MCPTool::name).collect(Collectors.toSet());
            Set<String> fields = new HashSet<>();
            full.offeredTools().forEach(tool -> {
                collect(tool.inputSchema(), fields);
                collect(tool.outputSchema(), fields);
            });

            assertThat(server.offeredSkills()).hasSize(count);
            for (MCPSkill skill : server.offeredSkills()) {
                assertThat(skill.requiredTools()).isNotEmpty().isSubsetOf(tools);
                for (SkillFile file : skill.files()) {
                    String text = new String(file.bytes(), StandardCharsets.UTF_8);
                    Set<String> named = found(TOOL, text);
                    named.removeAll(OTHER);
                    assertThat(named).as(file.uri()).isNotEmpty().isSubsetOf(tools);
                    assertThat(fields).as(file.uri()).containsAll(found(FIELD, text));
                }
            }
        }
    }

    @Test
    void skillWithoutItsTools_isNotOffered() {
        try (StatelessMCPServer server = server("kafka", Map.of("KAFKA_TOOLS_READ_ONLY", "true"))) {
            assertThat(server.offeredSkills())
                    .extracting(MCPSkill::name)
                    .containsExactly("diagnose-consumer-lag", "plan-topic");
        }
    }

    private static StatelessMCPServer server(String name, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.putAll(more);
        return MCPServerFactory.createFromConfig(MCPServerFactory.configFromEnvironment(name, environment));
    }

    private static Set<String> found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().map((MatchResult match) -> match.group(1)).collect(Collectors.toSet());
    }

    private static void collect(JsonNode schema, Set<String> fields) {
        if (schema != null) {
            schema.findValues("properties")
                    .forEach(properties -> properties.fieldNames().forEachRemaining(fields::add));
            schema.forEach(child -> collect(child, fields));
        }
    }
}
