package io.qicore.mcp.skill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ResourceContents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MCPSkillTest {

    private static final String MANIFEST = """
            ---
            name: move-group
            description: Moves a group.
            ---
            # Move
            """;

    @Test
    void skill_hasTheNameUriAndDigestOfItsFiles() {
        MCPSkill skill = MCPSkill.of(
                "kafka/move-group",
                Map.of("SKILL.md", bytes(MANIFEST), "references/a b~é.md", bytes("x"), "logo.bin", new byte[] {-1}));

        assertThat(skill.uri()).isEqualTo("skill://kafka/move-group/SKILL.md");
        assertThat(skill.directoryUri()).isEqualTo("skill://kafka/move-group");
        assertThat(skill.name()).isEqualTo("move-group");
        assertThat(skill.description()).isEqualTo("Moves a group.");
        assertThat(skill.files())
                .extracting(SkillFile::uri)
                .containsExactly(
                        "skill://kafka/move-group/SKILL.md",
                        "skill://kafka/move-group/logo.bin",
                        "skill://kafka/move-group/references/a%20b~%C3%A9.md");
        SkillFile x = skill.files().get(2);
        assertThat(x.digest()).isEqualTo("sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
        assertThat(x.size()).isEqualTo(1);
        assertThat(x.mimeType()).isEqualTo("text/markdown");
        assertThat(skill.files().get(1).contents()).isInstanceOf(ResourceContents.Blob.class);
        assertThat(skill.files().get(1).mimeType()).isEqualTo("application/octet-stream");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yes | '{\"v\":\"yes\"}'",
                "true | '{\"v\":true}'",
                "0o17 | '{\"v\":15}'",
                "017 | '{\"v\":17}'",
                "1.10 | '{\"v\":1.1}'",
                "'\"1.10\"' | '{\"v\":\"1.10\"}'",
                "2026-01-01 | '{\"v\":\"2026-01-01\"}'",
                "~ | '{\"v\":null}'",
                "[a, {b: 1}] | '{\"v\":[\"a\",{\"b\":1}]}'",
            })
    void frontmatter_isReadAsYaml12(String yaml, String json) throws IOException {
        MCPSkill skill = MCPSkill.of(
                "s", Map.of("SKILL.md", bytes("---\nname: s\ndescription: d\nextra:\n  v: " + yaml + "\n---\n")));

        assertThat(skill.frontmatter().get("extra")).isEqualTo(Json.MAPPER.readTree(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n"})
    void frontmatter_mayHaveAByteOrderMarkAndEitherLineEnd(String lineEnd) {
        String manifest = "\uFEFF---\nname: s\ndescription: d\n---".replace("\n", lineEnd);

        assertThat(MCPSkill.of("s", Map.of("SKILL.md", bytes(manifest))).name()).isEqualTo("s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# no frontmatter",
                "---\nname: s\ndescription: d\n",
                "---\n---\n",
                "---\n- s\n---\n",
                "---\nname: s\n---\n",
                "---\ndescription: d\n---\n",
                "---\nname: S\ndescription: d\n---\n",
                "---\nname: s-\ndescription: d\n---\n",
                "---\nname: a--b\ndescription: d\n---\n",
                "---\nname: other\ndescription: d\n---\n",
                "---\nname: 5\ndescription: d\n---\n",
                "---\nname: s\ndescription: ' '\n---\n",
                "---\nname: s\ndescription: [d]\n---\n",
                "---\nname: s\nname: s\ndescription: d\n---\n",
                "---\nname: s\ndescription: d\ncompatibility: 3\n---\n",
                "---\nname: s\ndescription: d\nmetadata: x\n---\n",
                "---\nname: s\ndescription: d\nmetadata: {version: 1}\n---\n",
                "---\nname: s\ndescription: d\nmetadata: {io.modelcontextprotocol/x: a}\n---\n",
                "---\nname: s\ndescription: d\n1: x\n---\n",
                "---\nname: s\ndescription: d\nx: .inf\n---\n",
                "---\nname: s\ndescription: d\nx: !!binary aGk=\n---\n",
                "---\nname: s\ndescription: d\nx: !!set {a}\n---\n",
                "---\nname: s\ndescription: d\nx: *missing\n---\n",
                "---\nname: [s\ndescription: d\n---\n",
            })
    void manifest_thatIsNotValid_isRefused(String manifest) {
        assertThatThrownBy(() -> MCPSkill.of("s", Map.of("SKILL.md", bytes(manifest))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SKILL.md");
    }

    @Test
    void descriptionLongerThan1024Characters_isRefused() {
        String emoji = "\uD83D\uDE00";
        assertThat(MCPSkill.of("s", Map.of("SKILL.md", described(emoji.repeat(1024))))
                        .description())
                .hasSize(2048);
        assertThatThrownBy(() -> MCPSkill.of("s", Map.of("SKILL.md", described("d".repeat(1025)))))
                .hasMessageContaining("1024");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/s", "s/", "a//s", "../s", "A/s", "a/./s", "a b/s", "skill://s", "é/s"})
    void pathThatIsNotValid_isRefused(String path) {
        assertThatThrownBy(() -> MCPSkill.of(path, Map.of("SKILL.md", bytes(MANIFEST))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path of a skill");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a\u0000b", "a\nb"})
    void filePathThatLeavesTheFolder_isRefused(String path) {
        assertThatThrownBy(() -> MCPSkill.of("kafka/move-group", Map.of("SKILL.md", bytes(MANIFEST), path, bytes("x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a path in the folder");
    }

    @Test
    void fileThatIsAFolderToo_isRefused() {
        assertThatThrownBy(() -> MCPSkill.of(
                        "kafka/move-group", Map.of("SKILL.md", bytes(MANIFEST), "a", bytes("x"), "a/b", bytes("x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("as a file and as a folder");
    }

    @Test
    void limits_areThoseThatEveryClientAccepts() {
        Map<String, byte[]> files = new HashMap<>(Map.of("SKILL.md", bytes(MANIFEST)));
        for (int i = 1; i < MCPSkill.MAX_FILES; i++) {
            files.put(i + ".md", bytes("x"));
        }
        assertThat(MCPSkill.of("kafka/move-group", files).files()).hasSize(512);

        files.put("more.md", bytes("x"));
        assertThatThrownBy(() -> MCPSkill.of("kafka/move-group", files)).hasMessageContaining("513 files");
        Map<String, byte[]> large = Map.of("SKILL.md", bytes(MANIFEST), "a", new byte[MCPSkill.MAX_BYTES]);
        assertThatThrownBy(() -> MCPSkill.of("kafka/move-group", large)).hasMessageContaining("bytes");
    }

    @Test
    void classpath_holdsTheFilesUnderSkills() {
        MCPSkill skill = MCPSkill.fromClasspath(MCPSkillTest.class, "conformance/read-a-file", "references/details.md");

        assertThat(skill.files()).extracting(SkillFile::path).containsExactly("SKILL.md", "references/details.md");
        assertThatThrownBy(() -> MCPSkill.fromClasspath(MCPSkillTest.class, "conformance/none"))
                .hasMessageContaining("skills/conformance/none/SKILL.md");
    }

    @Test
    void directory_isReadWithoutSymbolicLinks(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("SKILL.md"), bytes(MANIFEST));
        Files.createDirectories(folder.resolve("references"));
        Files.write(folder.resolve("references/a.md"), bytes("a"));
        Files.createSymbolicLink(folder.resolve("link.md"), folder.resolve("references/a.md"));

        MCPSkill skill = MCPSkill.fromDirectory("kafka/move-group", folder);

        assertThat(skill.files()).extracting(SkillFile::path).containsExactly("SKILL.md", "references/a.md");
    }

    private static byte[] described(String description) {
        return bytes("---\nname: s\ndescription: " + description + "\n---\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
