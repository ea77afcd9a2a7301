package io.qicore.mcp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private enum Colour {
        RED,
        GREEN
    }

    private static final Setting<Boolean> FLAG =
            Setting.bool("X_FLAG").orElse(false).protecting().describedAs("Closes | the door.");
    private static final Setting<Integer> NUMBER =
            Setting.integer("X_NUMBER", 1, 9).orElse(5);
    private static final Setting<Colour> COLOUR = Setting.choice("X_COLOUR", Colour.class);
    private static final Setting<List<String>> LIST = Setting.list("X_LIST");
    private static final Setting<Duration> WAIT = Setting.duration("X_WAIT").orElse(Duration.ofSeconds(90));
    private static final Setting<String> PASSWORD = Setting.text("X_PASSWORD")
            .checked(text -> text.length() > 3, "be longer than 3")
            .secret();

    private static final SettingsTable TABLE = SettingsTable.builder()
            .add(FLAG, NUMBER, COLOUR, LIST, WAIT, PASSWORD)
            .openPrefix("X_")
            .passThrough("X_OTHER"::equals)
            .build();

    @TempDir
    Path directory;

    @Test
    void values_areParsed() {
        Settings settings = TABLE.read(
                Map.of("X_FLAG", " TRUE ", "X_NUMBER", "7", "X_COLOUR", "green", "X_LIST", "a, b,,", "X_OTHER", "o"));
        assertThat(settings.get(FLAG)).isTrue();
        assertThat(settings.get(NUMBER)).isEqualTo(7);
        assertThat(settings.get(COLOUR)).isEqualTo(Colour.GREEN);
        assertThat(settings.get(LIST)).containsExactly("a", "b");
        assertThat(settings.get(WAIT)).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.find(PASSWORD)).isEmpty();
        assertThat(settings.passedThrough()).isEqualTo(Map.of("X_OTHER", "o"));
    }

    @Test
    void wrongValues_areAllReportedWithoutSecrets() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> TABLE.read(Map.of(
                        "X_FLAG", "", "X_NUMBER", "10", "X_COLOUR", "blue", "X_WAIT", "soon", "X_PASSWORD", "abc")))
                .satisfies(e -> assertThat(e.problems())
                        .hasSize(5)
                        .contains(
                                "X_FLAG is empty. Remove it or give it a value.",
                                "X_NUMBER must be a number from 1 to 9, not '10'.",
                                "X_COLOUR must be one of red, green, not 'blue'.")
                        .noneMatch(problem -> problem.contains("abc")));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "10s, 10000", "2m, 120000", "1H, 3600000", "PT10S, 10000", "2 s, 2000"})
    void durations_haveUnits(String text, long millis) {
        assertThat(TABLE.read(Map.of("X_WAIT", text)).get(WAIT)).hasMillis(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "0s", "-1s", "PT0S", "s", "1d2"})
    void otherDurations_areRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TABLE.read(Map.of("X_WAIT", text)))
                .withMessageContainingAll("X_WAIT", text);
    }

    @Test
    void secret_isReadFromAFileAndMasked() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "s3cret \n");
        Settings settings = TABLE.read(Map.of("X_PASSWORD_FILE", file.toString()));
        // Only the line end is trimmed from the file; the text itself is stripped like every value.
        assertThat(settings.get(PASSWORD)).isEqualTo("s3cret");
        assertThat(settings.toString()).contains("X_PASSWORD=***").doesNotContain("s3cret");
    }

    @Test
    void secretAndItsFile_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TABLE.read(Map.of("X_PASSWORD", "long enough", "X_PASSWORD_FILE", "/f")))
                .withMessageContainingAll("X_PASSWORD and X_PASSWORD_FILE");
    }

    @Test
    void fileThatCannotBeRead_isNamed() {
        String file = directory.resolve("none").toString();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TABLE.read(Map.of("X_PASSWORD_FILE", file)))
                .withMessageContainingAll("X_PASSWORD_FILE", file);
    }

    @Test
    void requiredSetting_mustBeSet() {
        SettingsTable table =
                SettingsTable.builder().add(Setting.text("Y_URL").required()).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.read(Map.of("Y_URL", " ")))
                .withMessage("Y_URL is not set.");
    }

    @Test
    void reference_listsEverySetting() {
        assertThat(SettingsReference.table(TABLE))
                .contains("| `X_FLAG` | `true` or `false` | `false` | ✔ | Closes \\| the door. |")
                .contains("| `X_WAIT` |", "`90s`", "| `X_PASSWORD` or `X_PASSWORD_FILE` | text (secret) |");
    }
}
