package io.qicore.mcp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the corpus, and some of the grammar. {@code .ci/faults fuzz} looks for more. */
class FuzzTest {

    private static final Path CORPUS = Path.of("src/test/resources/fuzz");
    private static final int ENGINE_INPUTS = 4_000;
    private static final int HTTP_INPUTS = 400;

    @AfterAll
    static void stop() {
        HttpFuzzer.stop();
    }

    static List<Path> engineCorpus() throws IOException {
        return corpus("engine");
    }

    static List<Path> httpCorpus() throws IOException {
        return corpus("http");
    }

    private static List<Path> corpus(String name) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("engineCorpus")
    void engine_answersTheCorpus(Path input) throws Exception {
        EngineFuzzer.fuzzerTestOneInput(Files.readAllBytes(input));
    }

    @ParameterizedTest
    @MethodSource("httpCorpus")
    void http_answersTheCorpus(Path input) throws Exception {
        HttpFuzzer.fuzzerTestOneInput(Files.readAllBytes(input));
    }

    @Test
    void engine_answersTheGrammar() {
        for (int seed = 0; seed < ENGINE_INPUTS; seed++) {
            run(seed, new Grammar(seed).engineInput(), EngineFuzzer::fuzzerTestOneInput);
        }
    }

    @Test
    void http_answersTheGrammar() {
        for (int seed = 0; seed < HTTP_INPUTS; seed++) {
            run(seed, new Grammar(seed).httpInput(), HttpFuzzer::fuzzerTestOneInput);
        }
    }

    @Test
    void corpus_isThere() throws IOException {
        assertThat(engineCorpus()).hasSizeGreaterThan(20);
        assertThat(httpCorpus()).hasSizeGreaterThan(5);
    }

    private interface Target {
        void accept(byte[] input) throws Exception;
    }

    private static void run(int seed, byte[] input, Target target) {
        try {
            target.accept(input);
        } catch (Exception | Error e) {
            throw new AssertionError(
                    "Seed " + seed + ", base64 " + Base64.getEncoder().encodeToString(input) + ", text "
                            + new String(input, StandardCharsets.ISO_8859_1),
                    e);
        }
    }
}
