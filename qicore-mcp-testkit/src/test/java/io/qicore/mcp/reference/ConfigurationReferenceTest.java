package io.qicore.mcp.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.host.SettingsReference;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Checks that {@code docs/configuration.md} lists all settings. Writes it with {@code -Dqicore.reference.write}. */
class ConfigurationReferenceTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void page_listsTheSettingsOfTheServers() throws Exception {
        String page = SettingsReference.page();
        if (Boolean.getBoolean("qicore.reference.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("written by: mvn -pl qicore-mcp-testkit -am -Dtest=ConfigurationReferenceTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dqicore.reference.write=true test")
                .hasContent(page);
    }
}
