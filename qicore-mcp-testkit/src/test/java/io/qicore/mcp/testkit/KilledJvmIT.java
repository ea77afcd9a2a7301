package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks what is left when a JVM ends before {@code close()}. The JVM is a child process with its own temporary folder. */
@Timeout(120)
final class KilledJvmIT {

    @TempDir
    private Path folder;

    private Path temporary;
    private Process child;

    @BeforeEach
    void createTemporaryFolder() throws IOException {
        temporary = Files.createDirectory(folder.resolve("tmp"));
    }

    @AfterEach
    void noServerIsLeft() {
        if (child == null) {
            return;
        }
        child.destroyForcibly();
        assertThat(ProcessHandle.allProcesses().filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(temporary.toString()))
                        .isPresent()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void leavesNothingBehind_whenKilled(String signal) throws Exception {
        if (signal.equals("INT")) {
            assumeThat(ignoresInterrupts())
                    .as(
                            "NOT RUN: this build ignores SIGINT, and so would the child; a shell does that for what it starts"
                                    + " with &")
                    .isFalse();
        }
        launch();
        long pid = Long.parseLong(readAfter(ChildMain.PROCESS));
        Postmaster postgres = new Postmaster(ProcessHandle.of(pid).orElseThrow());
        assertThat(postgres.isRunning()).isTrue();
        readAfter(ChildMain.READY);
        kill(signal);

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(readAfter(ChildMain.LAST_USE)).isEqualTo("true");
        assertThat(postgres.isRunning()).isFalse();
        assertThat(leftIn(temporary)).isEmpty();
        // Newer JVMs print warnings about the way Kafka accesses memory.
        assertThat(Files.readAllLines(folder.resolve("stderr")))
                .filteredOn(line -> !line.startsWith("WARNING: "))
                .isEmpty();
    }

    @Test
    void leavesNothingBehind_whenKilledWhileStarting() throws Exception {
        launch();
        readAfter(ChildMain.STARTING);
        Thread.sleep(1_500);
        child.destroy();

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(leftIn(temporary)).isEmpty();
    }

    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        // Signal n is bit n - 1, and SIGINT is 2.
        return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 2) != 0;
    }

    private void launch() throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                // The JVM writes its performance data to /tmp regardless of java.io.tmpdir.
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                ChildMain.class.getName());
        child = new ProcessBuilder(command)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
    }

    private String readAfter(String marker) throws IOException {
        BufferedReader lines = child.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(marker)) {
                return line.substring(marker.length());
            }
        }
        throw new AssertionError("The program ended without printing " + marker);
    }

    private void kill(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    private static List<Path> leftIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
