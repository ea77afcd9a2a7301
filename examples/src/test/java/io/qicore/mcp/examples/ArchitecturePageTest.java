package io.qicore.mcp.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares {@code docs/architecture.md} with the code: the packages, and the files through which a call passes. */
class ArchitecturePageTest {

    private static final Path DOCS = Path.of("..", "docs");

    private static final Pattern SECTION = Pattern.compile("(?ms)^## (.+?)\n(.*?)(?=^## |\\z)");
    private static final Pattern PACKAGE_ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|");
    private static final Pattern HOP = Pattern.compile("(?m)^\\d+\\. \\[(\\w+)]\\((\\S+)\\) \\S");

    /** The package to which the names in a section's table are relative, by the end of the section's title. */
    private static final Map<String, String> ROOTS = Map.of(
            "of core", "io.qicore.mcp",
            "of the Kafka module", "io.qicore.mcp.kafka",
            "of the TimescaleDB module", "io.qicore.mcp.timescale",
            "of the testkit and the examples", "io.qicore.mcp");

    private record Hop(String name, Path file) {
        String source() throws IOException {
            return Files.readString(file);
        }

        boolean isNamedIn(String source) {
            return Pattern.compile("\\b" + name + "\\b").matcher(source).find();
        }
    }

    @Test
    void packages_areThoseOfTheCode() throws IOException {
        Set<String> listed = new TreeSet<>();
        for (MatchResult section : sections()) {
            String title = section.group(1);
            if (title.startsWith("Packages ")) {
                String root = ROOTS.get(title.substring("Packages ".length()));
                assertThat(root).as("The root of section '%s'", title).isNotNull();
                PACKAGE_ROW
                        .matcher(section.group(2))
                        .results()
                        .forEach(row -> listed.add(row.group(1).equals(".") ? root : root + "." + row.group(1)));
            }
        }
        assertThat(listed).isEqualTo(packages());
    }

    @Test
    void eachFileOfACall_isNamedInAFileBeforeIt() throws IOException {
        int ways = 0;
        for (MatchResult section : sections()) {
            if (section.group(1).startsWith("The way of")) {
                ways++;
                List<Hop> hops = hops(section.group(2));
                assertThat(hops).as(section.group(1)).hasSizeGreaterThan(10);
                StringBuilder before = new StringBuilder();
                for (Hop hop : hops) {
                    assertThat(hop.file()).exists().hasFileName(hop.name() + ".java");
                    String source = hop.source();
                    // The engine calls a tool through the MCPTool that its class creates, and does not name that class.
                    boolean isReached = before.isEmpty()
                            || hop.isNamedIn(before.toString())
                            || source.contains("MCPTool tool(") && before.indexOf("class MCPTool ") >= 0;
                    assertThat(isReached)
                            .as("%s names %s", section.group(1), hop.name())
                            .isTrue();
                    before.append(source);
                }
            }
        }
        assertThat(ways).isEqualTo(2);
    }

    private static List<MatchResult> sections() throws IOException {
        return SECTION.matcher(Files.readString(DOCS.resolve("architecture.md")))
                .results()
                .toList();
    }

    private static List<Hop> hops(String section) {
        List<Hop> hops = new ArrayList<>();
        for (Matcher hop = HOP.matcher(section); hop.find(); ) {
            hops.add(new Hop(hop.group(1), DOCS.resolve(hop.group(2)).normalize()));
        }
        return hops;
    }

    private static Set<String> packages() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (String module : List.of(
                "qicore-mcp-core", "qicore-mcp-kafka", "qicore-mcp-timescale", "qicore-mcp-testkit", "examples")) {
            Path sources = Path.of("..", module, "src", "main", "java");
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(file ->
                                sources.relativize(file.getParent()).toString().replace('/', '.'))
                        .forEach(packages::add);
            }
        }
        return packages;
    }
}
