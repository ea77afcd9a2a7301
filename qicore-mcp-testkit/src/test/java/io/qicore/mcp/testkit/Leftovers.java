package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.fixture.SharedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads and temporary files at one time, to find out later what has been left behind since. */
record Leftovers(Set<Thread> threads, Set<Path> files) {

    static Leftovers record() {
        // The shared servers may start and end threads at any time.
        SharedServers.stop();
        return new Leftovers(Set.copyOf(Thread.getAllStackTraces().keySet()), files(temporaryFolder()));
    }

    void assertNone() {
        assertThat(files(temporaryFolder())).isSubsetOf(files);
        await().pollInSameThread().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(
                        Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !threads.contains(thread) && !isOfTheJvm(thread))
                .isEmpty());
    }

    private static boolean isOfTheJvm(Thread thread) {
        return thread.getName().startsWith("metrics-meter-tick-thread") // Kafka's metrics library, one per JVM
                || thread.getName().equals("process reaper")
                || isIdleInPool(thread) // the JDK's pool for file channels, which ends idle threads after a minute
                || thread.getThreadGroup() == null
                || thread.getThreadGroup().getName().matches("system|InnocuousThreadGroup");
    }

    private static boolean isIdleInPool(Thread thread) {
        return thread.isDaemon()
                && thread.getName().matches("Thread-\\d+")
                && Stream.of(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("getTask"));
    }

    static Path temporaryFolder() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Returns only our own files and those of the libraries, because other programs use the folder at the same time. */
    static Set<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("(qicore|kafka|embedded-pg|epg|\\.s\\.PGSQL).*"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
