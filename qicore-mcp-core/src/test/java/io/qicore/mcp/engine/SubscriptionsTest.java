package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionsTest {

    private static final String ID = "io.modelcontextprotocol/subscriptionId";

    /** Those who watch, in order; null once they have ceased. */
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    private Runnable whileWatching = () -> {};

    private final MCPEngine engine = MCPEngine.builder(new ServerInfo("test", "1.0", "Test", null))
            .prompts(List.of(prompt()))
            .resources(List.of(
                    MCPResource.of("test://still", "still")
                            .reader((uri, variables, context) -> ResourceResult.text(""))
                            .build(),
                    MCPResource.template("test://lag/{group}", "lag")
                            .reader((uri, variables, context) -> ResourceResult.text(""))
                            .watcher((uri, caller, changed) -> {
                                int at = watchers.size();
                                watchers.add(changed);
                                whileWatching.run();
                                return () -> watchers.set(at, null);
                            })
                            .build()))
            .build();

    @Test
    void acknowledgement_comesFirstAndNamesWhatIsHonoured() {
        Answer listening = listen("""
                "toolsListChanged": true, "promptsListChanged": true, "resourcesListChanged": false,
                "resourceSubscriptions": ["test://lag/a", "test://lag/a", "test://still", "test://no"], "x": true""");

        JsonNode first = listening.notifications(1).get(0);
        assertThat(first.get("method").asText()).isEqualTo("notifications/subscriptions/acknowledged");
        assertThat(first.at("/params/notifications").toString())
                .isEqualTo("{\"promptsListChanged\":true,\"resourceSubscriptions\":[\"test://lag/a\"]}");
        assertThat(listening.isThere()).isFalse();
    }

    @Test
    void changes_areToldToThoseWhoAskedForThem() {
        Answer prompts = listen("\"promptsListChanged\": true");
        Answer resources = listen("\"resourcesListChanged\": true");

        engine.replacePrompts(List.of(prompt()));

        assertThat(methods(prompts, 2)).containsExactly("acknowledged", "prompts/list_changed");
        assertThat(methods(resources, 1)).containsExactly("acknowledged");
        for (JsonNode notification : prompts.notifications()) {
            assertThat(notification.at("/params/_meta").get(ID).isIntegralNumber())
                    .isTrue();
        }
    }

    @Test
    void watchedResource_isToldUntilTheClientGoes() {
        CallMetadata metadata = CallMetadata.none();
        Answer listening = listen("\"resourceSubscriptions\": [\"test://lag/a\"]", metadata);

        watchers.get(0).run();
        assertThat(methods(listening, 2)).containsExactly("acknowledged", "resources/updated");
        assertThat(listening.notifications().get(1).at("/params/uri").asText()).isEqualTo("test://lag/a");

        metadata.control().disconnected();
        untilNobodyWatches();
        assertThat(listening.isCancelled()).isTrue();
    }

    @Test
    void changeBeforeTheAcknowledgement_isToldAfterIt() {
        whileWatching = () -> {
            engine.replacePrompts(List.of(prompt()));
            watchers.get(0).run();
        };
        Answer listening = listen("\"promptsListChanged\": true, \"resourceSubscriptions\": [\"test://lag/a\"]");
        assertThat(methods(listening, 3)).containsExactly("acknowledged", "prompts/list_changed", "resources/updated");
    }

    @Test
    void endOfTheServer_isAnAnswer() {
        Answer listening = listen("\"promptsListChanged\": true, \"resourceSubscriptions\": [\"test://lag/a\"]");

        engine.endSubscriptions();

        JsonNode result = listening.result();
        assertThat(result.get("resultType").asText()).isEqualTo("complete");
        assertThat(result.at("/_meta").get(ID).asInt()).isEqualTo(1);
        untilNobodyWatches();
        engine.replacePrompts(List.of(prompt()));
        assertThat(methods(listening, 1)).containsExactly("acknowledged");
    }

    @Test
    void endBeforeTheAcknowledgement_comesAfterIt() {
        whileWatching = engine::endSubscriptions;
        Answer listening = listen("\"resourceSubscriptions\": [\"test://lag/a\"]");
        assertThat(methods(listening, 1)).containsExactly("acknowledged");
        assertThat(listening.kind()).isEqualTo(Reply.Kind.RESULT);
        untilNobodyWatches();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"notifications\": []", "\"notifications\": true"})
    void subscriptionWithoutAFilter_isRefused(String params) {
        assertThat(Answer.to(engine, Wire.modern("subscriptions/listen", params, "{}"))
                        .errorCode())
                .isEqualTo(-32602);
    }

    private Answer listen(String filter) {
        return listen(filter, CallMetadata.none());
    }

    private Answer listen(String filter, CallMetadata metadata) {
        return Answer.to(
                engine, Wire.modern("subscriptions/listen", "\"notifications\": {" + filter + "}", "{}"), metadata);
    }

    private void untilNobodyWatches() {
        await().atMost(Gate.PATIENCE).until(() -> watchers.stream().allMatch(Objects::isNull));
    }

    /** What has come, once there are so many. */
    private static List<String> methods(Answer answer, int atLeast) {
        return answer.notifications(atLeast).stream()
                .map(notification ->
                        notification.get("method").asText().replaceFirst("notifications/(subscriptions/)?", ""))
                .toList();
    }

    private static MCPPrompt prompt() {
        return MCPPrompt.builder("p")
                .handler((arguments, context) -> PromptResult.user(""))
                .build();
    }
}
