package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.skill.MCPSkill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The skills extension, SEP-2640. */
class SkillsTest {

    private static final MCPSkill RESET =
            skill("kafka/reset", Map.of("references/a.md", "A", "references/deep/b.sql", "B"));

    private final MCPEngine engine = engine(List.of(RESET, skill("kafka/lag", Map.of()), skill("plan", Map.of())))
            .build();

    @Test
    void capability_saysThatDirectoriesCanBeRead() throws IOException {
        JsonNode capabilities = result("server/discover", "").get("capabilities");

        assertThat(capabilities.get("extensions"))
                .isEqualTo(Json.MAPPER.readTree("{\"io.modelcontextprotocol/skills\": {\"directoryRead\": true}}"));
        assertThat(capabilities.has("resources")).isTrue();
        assertThat(capabilities.has("tools")).isFalse();
    }

    @Test
    void serverWithoutSkills_hasNeitherCapabilityNorMethods() {
        MCPEngine none = Wire.engine();

        assertThat(Answer.to(none, Wire.modern("server/discover"))
                        .result()
                        .at("/capabilities")
                        .has("extensions"))
                .isFalse();
        for (String method : List.of("skills/list", "skills/get", "resources/directory/read")) {
            assertThat(Answer.to(none, Wire.modern("1", method, "\"uri\": \"skill://plan/SKILL.md\"", "{}"))
                            .errorCode())
                    .isEqualTo(RpcError.METHOD_NOT_FOUND);
        }
    }

    @Test
    void list_givesEachSkillOnceWithAllItsFiles() throws IOException {
        List<JsonNode> skills = new ArrayList<>();
        String cursor = null;
        do {
            JsonNode page = result("skills/list", cursor == null ? "" : "\"cursor\": \"" + cursor + "\"");
            assertThat(page.get("skills")).hasSizeBetween(1, 2);
            assertThat(page.get("ttlMs").isIntegralNumber()).isTrue();
            assertThat(page.get("cacheScope").asText()).isEqualTo("private");
            page.get("skills").forEach(skills::add);
            cursor = page.path("nextCursor").textValue();
        } while (cursor != null);

        assertThat(skills)
                .extracting(skill -> skill.get("uri").asText())
                .containsExactly("skill://kafka/reset/SKILL.md", "skill://kafka/lag/SKILL.md", "skill://plan/SKILL.md");
        assertThat(skills.get(2).toString()).isEqualTo("""
                {"uri":"skill://plan/SKILL.md","frontmatter":{"name":"plan","description":"Does plan."},\
                "resources":[{"uri":"skill://plan/SKILL.md",\
                "digest":"%s","size":%d}]}""".formatted(
                        skill("plan", Map.of()).files().get(0).digest(),
                        manifest("plan").length()));
        assertThat(skills.get(0).get("resources")).hasSize(3);
    }

    @Test
    void get_givesTheEntryOfTheListWithoutACursor() {
        JsonNode result = result("skills/get", "\"uri\": \"skill://kafka/lag/SKILL.md\"");

        assertThat(result.get("skill")).isEqualTo(result("skills/list", "").at("/skills/1"));
        assertThat(result.has("nextCursor")).isFalse();
        assertThat(result.has("ttlMs")).isTrue();
        assertThat(result.has("cacheScope")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skill://none/SKILL.md",
                "skill://plan",
                "skill://plan/",
                "skill://kafka/reset/references/a.md",
                "SKILL.md",
                "",
            })
    void get_ofSomethingElse_isRefused(String uri) {
        assertThat(error("skills/get", "\"uri\": \"" + uri + "\"")).isEqualTo(RpcError.INVALID_PARAMS);
    }

    @Test
    void files_areReadAsResources() {
        for (var file : RESET.files()) {
            JsonNode read =
                    result("resources/read", "\"uri\": \"" + file.uri() + "\"").at("/contents/0");
            assertThat(read.get("text").asText().getBytes(StandardCharsets.UTF_8))
                    .isEqualTo(file.bytes());
            assertThat(read.get("uri").asText()).isEqualTo(file.uri());
            assertThat(read.get("mimeType").asText()).isEqualTo(file.mimeType());
        }
    }

    @Test
    void resources_listOnlyTheManifests_alsoAfterAChangeOfTheResources() {
        for (int round = 0; round < 2; round++) {
            JsonNode listed = result("resources/list", "").get("resources");
            assertThat(listed.get(0).toString()).isEqualTo("""
                    {"uri":"skill://kafka/reset/SKILL.md","name":"reset","description":"Does reset.",\
                    "mimeType":"text/markdown"}""");
            assertThat(listed).hasSize(2);
            engine.replaceResources(List.of());
        }
    }

    @Test
    void olderClients_readTheManifestsAsResources() {
        JsonNode listed = Answer.to(engine, Wire.legacy("resources/list", "{}")).result();

        assertThat(listed.at("/resources/0/uri").asText()).isEqualTo("skill://kafka/reset/SKILL.md");
    }

    @Test
    void directory_listsItsDirectChildren() {
        assertThat(children("skill://kafka/reset"))
                .containsExactly(
                        "skill://kafka/reset/SKILL.md text/markdown", "skill://kafka/reset/references inode/directory");
        assertThat(children("skill://kafka/reset/references"))
                .containsExactly(
                        "skill://kafka/reset/references/a.md text/markdown",
                        "skill://kafka/reset/references/deep inode/directory");
        assertThat(children("skill://kafka/reset/references/deep/"))
                .containsExactly("skill://kafka/reset/references/deep/b.sql application/sql");
        assertThat(children("skill://plan")).containsExactly("skill://plan/SKILL.md text/markdown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"skill://kafka/reset/SKILL.md", "skill://kafka", "skill://none", "skill://", "skill://plan//"})
    void somethingElseThanADirectory_isRefused(String uri) {
        assertThat(error("resources/directory/read", "\"uri\": \"" + uri + "\""))
                .isEqualTo(RpcError.INVALID_PARAMS);
    }

    @Test
    void skillsThatCannotBeToldApart_areRefused() {
        assertThatThrownBy(() -> engine(List.of(RESET, RESET)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("skill://kafka/reset/SKILL.md");
        assertThatThrownBy(() -> engine(List.of(RESET, skill("kafka/reset/inner", Map.of())))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in the folder");
    }

    @Test
    void skillThatTheCallerDoesNotSee_isNotThere() {
        MCPEngine hiding = engine(List.of(RESET, skill("plan", Map.of())))
                .interceptors(List.of(new CallInterceptor() {
                    @Override
                    public boolean offers(Caller caller, Offer offer) {
                        return !(offer instanceof Offer.Resource hidden)
                                || !hidden.resource().uri().startsWith("skill://plan/");
                    }
                }))
                .build();

        JsonNode listed = Answer.to(hiding, Wire.modern("skills/list")).result().get("skills");
        assertThat(listed)
                .singleElement()
                .satisfies(skill -> assertThat(skill.get("uri").asText()).isEqualTo(RESET.uri()));
        assertThat(Answer.to(hiding, Wire.modern("resources/list")).result().get("resources"))
                .hasSize(1);
        for (String request : List.of(
                "skills/get skill://plan/SKILL.md",
                "resources/read skill://plan/SKILL.md",
                "resources/directory/read skill://plan")) {
            String[] methodAndUri = request.split(" ");
            assertThat(Answer.to(
                                    hiding,
                                    Wire.modern("1", methodAndUri[0], "\"uri\": \"" + methodAndUri[1] + "\"", "{}"))
                            .errorCode())
                    .as(request)
                    .isEqualTo(RpcError.INVALID_PARAMS);
        }
    }

    private List<String> children(String uri) {
        List<String> children = new ArrayList<>();
        result("resources/directory/read", "\"uri\": \"" + uri + "\"")
                .get("resources")
                .forEach(child -> {
                    assertThat(child.get("uri").asText())
                            .endsWith("/" + child.get("name").asText());
                    children.add(child.get("uri").asText() + " "
                            + child.get("mimeType").asText());
                });
        return children;
    }

    private JsonNode result(String method, String params) {
        return Answer.to(engine, Wire.modern("1", method, params, "{}")).result();
    }

    private int error(String method, String params) {
        return Answer.to(engine, Wire.modern("1", method, params, "{}")).errorCode();
    }

    private static MCPEngine.Builder engine(List<MCPSkill> skills) {
        return MCPEngine.builder(new ServerInfo("test", "1.0")).pageSize(2).skills(skills);
    }

    private static MCPSkill skill(String path, Map<String, String> further) {
        Map<String, byte[]> files = new HashMap<>();
        further.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        String name = path.substring(path.lastIndexOf('/') + 1);
        files.put("SKILL.md", manifest(name).getBytes(StandardCharsets.UTF_8));
        return MCPSkill.of(path, files);
    }

    private static String manifest(String name) {
        return "---\nname: " + name + "\ndescription: Does " + name + ".\n---\n";
    }
}
