package io.qicore.mcp.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The server process of a PostgreSQL data folder. {@code pg_ctl} detaches it from this JVM, so that
 * only {@code postmaster.pid} tells which process it is.
 */
record Postmaster(ProcessHandle process) {

    private static final String PID_FILE = "postmaster.pid";

    /** Returns the process that serves the data folder, or nothing when none does. */
    static Optional<Postmaster> of(Path data) {
        try {
            String pid = Files.readAllLines(data.resolve(PID_FILE)).get(0).strip();
            return ProcessHandle.of(Long.parseLong(pid)).map(Postmaster::new);
        } catch (IOException | RuntimeException noServer) {
            return Optional.empty();
        }
    }

    /** Ends the process, by force when it does not end in time by itself. */
    void end(Duration patience) {
        if (exited(patience)) {
            return;
        }
        process.destroyForcibly();
        exited(patience);
    }

    private boolean exited(Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
