package io.qicore.mcp.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes inputs of the grammar as seeds of the coverage-guided fuzzer. */
public final class GrammarCorpus {

    private GrammarCorpus() {}

    /**
     * Writes them.
     *
     * @param arguments a folder for the engine's, one for those of HTTP, and how many of each
     */
    public static void main(String[] arguments) throws IOException {
        for (int seed = 0; seed < Integer.parseInt(arguments[2]); seed++) {
            Files.write(Path.of(arguments[0], "grammar-" + seed), new Grammar(seed).engineInput());
            Files.write(Path.of(arguments[1], "grammar-" + seed), new Grammar(seed).httpInput());
        }
    }
}
