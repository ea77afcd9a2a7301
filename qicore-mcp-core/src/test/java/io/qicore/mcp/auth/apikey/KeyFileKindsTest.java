package io.qicore.mcp.auth.apikey;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A path for API keys that does not lead to a file. */
@Timeout(30)
class KeyFileKindsTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsNotAFile_isRefused_andNotReadWithoutEnd() throws Exception {
        assertThatThrownBy(() -> ApiKeys.fromFile(folder))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> ApiKeys.fromFile(folder.resolve("missing.json")))
                .hasMessageContaining("missing.json: It does not exist.");
        Path endless = Path.of("/dev/zero");
        if (Files.exists(endless)) {
            Path link = Files.createSymbolicLink(folder.resolve("keys.json"), endless);
            assertThatThrownBy(() -> ApiKeys.fromFile(link)).hasMessageContaining("not a regular file");
        }
    }
}
