package io.qicore.mcp.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The server process of a PostgreSQL data folder. {@code pg_ctl} detaches it from this JVM, so its process id can be found in
 * {@code postmaster.pid} only.
 */
record Postmaster(ProcessHandle process) {

    private static final String PID_FILE = "postmaster.pid";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 10;

    /** Returns the process that serves the data folder, or empty if there is none. */
    static Optional<Postmaster> of(Path data) {
        try {
            String pid = Files.readAllLines(data.resolve(PID_FILE)).get(0).strip();
            return ProcessHandle.of(Long.parseLong(pid)).map(Postmaster::new);
        } catch (IOException | RuntimeException noServer) {
            return Optional.empty();
        }
    }

    /** Waits until the process has ended. Kills it first if it still holds its data folder. */
    void end(Path data) {
        if (Files.exists(data.resolve(PID_FILE))) {
            process.destroyForcibly();
        }
        // Not ProcessHandle.onExit(), which polls only at long intervals when the process is not a child of this JVM.
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (isRunning() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Returns whether the process runs. A zombie does not: in many containers no process reaps orphans, so it stays forever. */
    boolean isRunning() {
        return process.isAlive() && !isZombie();
    }

    private boolean isZombie() {
        try {
            // pid (name) state ...
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.startsWith(" Z", stat.lastIndexOf(')') + 1);
        } catch (IOException goneOrNotLinux) {
            return false;
        }
    }
}
