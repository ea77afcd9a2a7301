package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class KafkaPromptsTest {

    private static final Pattern TOOL =
            Pattern.compile("\\b(?:get|list|find|describe|explain|create|delete|alter|add|reset)_[a-z_]+\\b");
    private static final Map<String, String> ARGUMENTS =
            Map.of("groupId", "billing", "topic", "orders", "purpose", "Orders of the shop", "throughput", "5 MB/s");

    private final Admin admin = mock(Admin.class);

    @Test
    void prompts_nameOnlyToolsThatAreOffered() throws Exception {
        assertNamesOfferedToolsOnly(new KafkaMCPServer(admin));
        assertNamesOfferedToolsOnly(new StreamingConsumerMCPServer(admin));
        assertNamesOfferedToolsOnly(new KafkaMCPServer(admin, offering("list_*", "get_consumer_lag")));
    }

    @Test
    void diagnosis_isAboutTheGroupAndTheTopic() throws Exception {
        var text = text(prompt(new KafkaMCPServer(admin), "diagnose_consumer_lag"), ARGUMENTS);

        assertThat(text).contains("'billing'", "'orders'", "get_consumer_lag", "change nothing");
        assertThat(text(prompt(new KafkaMCPServer(admin), "diagnose_consumer_lag"), Map.of("groupId", "billing")))
                .doesNotContain("null", "on topic");
    }

    @Test
    void plan_endsWithAQuestion() throws Exception {
        assertThat(text(prompt(new KafkaMCPServer(admin), "plan_topic"), ARGUMENTS))
                .contains("Orders of the shop", "5 MB/s", "validateOnly", "wait for a yes")
                .doesNotContain("Retention:");
    }

    @Test
    void resources_areThereWhereTheToolOfTheSameAnswerIs() {
        assertThat(new KafkaMCPServer(admin).resources())
                .extracting(MCPResource::uri)
                .containsExactly(
                        "kafka://topics/{topic}",
                        "kafka://groups/{group}/lag",
                        "kafka://groups/{group}/lag?threshold={threshold}");
        assertThat(new StreamingConsumerMCPServer(admin).resources())
                .extracting(MCPResource::uri)
                .containsExactly("kafka://groups/{group}/lag", "kafka://groups/{group}/lag?threshold={threshold}");
        assertThat(new KafkaMCPServer(admin, offering("list_topics")).resources())
                .isEmpty();
    }

    private static KafkaOptions offering(String... tools) {
        return KafkaOptions.builder()
                .policy(KafkaPolicy.builder().tools(tools).build())
                .build();
    }

    private static void assertNamesOfferedToolsOnly(StatelessMCPServer server) throws Exception {
        Set<String> offered = server.tools().stream().map(MCPTool::name).collect(Collectors.toSet());
        for (MCPPrompt prompt : server.prompts()) {
            var named = TOOL.matcher(text(prompt, ARGUMENTS))
                    .results()
                    .map(match -> match.group())
                    .collect(Collectors.toSet());
            assertThat(offered).as(prompt.name()).containsAll(named);
        }
    }

    private static MCPPrompt prompt(StatelessMCPServer server, String name) {
        return server.prompts().stream()
                .filter(prompt -> prompt.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(MCPPrompt prompt, Map<String, String> arguments) throws Exception {
        var result = (PromptResult.Messages) prompt.handler().handle(arguments, mock(RequestContext.class));
        return result.messages().stream()
                .map(PromptMessage::content)
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }
}
