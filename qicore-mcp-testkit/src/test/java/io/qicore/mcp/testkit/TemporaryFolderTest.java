package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemporaryFolderTest {

    @Test
    void removesEverythingInIt() throws IOException {
        TemporaryFolder folder = TemporaryFolder.create("qicore-test-");
        Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("file"), "content");

        folder.close();
        folder.close();

        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void doesNotFollowLinks(@TempDir Path elsewhere) throws IOException {
        Path precious = Files.writeString(elsewhere.resolve("precious"), "content");
        try (TemporaryFolder folder = TemporaryFolder.create("qicore-test-")) {
            Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        }
        assertThat(precious).exists();
    }
}
