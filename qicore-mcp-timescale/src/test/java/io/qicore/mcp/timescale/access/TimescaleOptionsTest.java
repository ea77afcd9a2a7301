package io.qicore.mcp.timescale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimescaleOptionsTest {

    private static final String URL = "postgresql://localhost/x";

    @Test
    void defaults_allowEverything_andAskAboutWhatIsDestructive() {
        for (TimescaleOptions options :
                new TimescaleOptions[] {TimescaleOptions.defaults(), read(Map.of("TIMESCALE_URL", URL))}) {
            assertThat(options.roleCheck()).isEqualTo(RoleCheckMode.REFUSE);
            assertThat(options.readRole()).isEmpty();
            assertThat(options.maxTimeout()).isEqualTo(Duration.ofSeconds(60));
            assertThat(options.policy().readOnly()).isFalse();
            assertThat(options.policy().tools()).containsExactly("*");
            assertThat(options.policy().allowsTool("drop_chunks")).isTrue();
            assertThat(options.policy().confirmation()).isEqualTo(ConfirmationMode.DESTRUCTIVE);
        }
    }

    @Test
    void settings_areRead() {
        TimescaleOptions options = read(Map.of(
                "TIMESCALE_URL", URL,
                "TIMESCALE_TOOLS_READ_ONLY", "True",
                "TIMESCALE_TOOLS_ALLOWED", "query, list_*",
                "TIMESCALE_TOOLS_CONFIRMATION", "Always",
                "TIMESCALE_ROLE_CHECK", "warn",
                "TIMESCALE_READ_ROLE", "mcp_reader",
                "TIMESCALE_MAX_TIMEOUT", "5m"));

        assertThat(options.roleCheck()).isEqualTo(RoleCheckMode.WARN);
        assertThat(options.readRole()).contains("mcp_reader");
        assertThat(options.maxTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.policy().readOnly()).isTrue();
        assertThat(options.policy().tools()).containsExactly("query", "list_*");
        assertThat(options.policy().allowsTool("list_tables")).isTrue();
        assertThat(options.policy().allowsTool("describe_table")).isFalse();
        assertThat(options.policy().confirmation()).isEqualTo(ConfirmationMode.ALWAYS);
        assertThat(options)
                .hasToString("TimescaleOptions[TimescalePolicy[read-only, tools query,list_*, confirmation ALWAYS],"
                        + " roleCheck=WARN, readRole=mcp_reader, maxTimeout=PT5M, " + ServerSettings.defaults() + "]");
    }

    @Test
    void toBuilder_changesOneThing() {
        TimescalePolicy policy = TimescalePolicy.builder()
                .readOnly(true)
                .tools("query")
                .confirmation(ConfirmationMode.NEVER)
                .build();
        TimescaleOptions options = TimescaleOptions.builder()
                .policy(policy)
                .roleCheck(RoleCheckMode.OFF)
                .readRole("r")
                .maxTimeout(Duration.ofSeconds(1))
                .build();

        assertThat(options.toBuilder().build()).hasToString(options.toString());
        assertThat(policy.toBuilder().readOnly(false).build())
                .hasToString("TimescalePolicy[tools query, confirmation NEVER]");
    }

    @Test
    void emptyAllowList_isRefused() {
        assertThatThrownBy(() -> TimescalePolicy.builder().tools())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tools");
        assertThatThrownBy(() -> TimescalePolicy.builder().tools("query", " "))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wrongRoleOrTimeout_isRefused() {
        assertThatThrownBy(() -> TimescaleOptions.builder().readRole(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("readRole");
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofHours(25)}) {
            assertThatThrownBy(() -> TimescaleOptions.builder().maxTimeout(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("maxTimeout");
        }
    }

    private static TimescaleOptions read(Map<String, String> environment) {
        return TimescaleOptions.from(TimescaleSettings.table().read(environment));
    }
}
