package io.qicore.mcp.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ThrowingRunnable;

/** Checks the client against servers that others wrote. Run by {@code .ci/interop}. */
public final class InteropClient {

    private InteropClient() {}

    /**
     * Prints each check by name, and their sums as the last line. Ends with a status other than 0 if a check has failed.
     *
     * @param args a program of Node 22 or later, the folder with its packages, and the class path of a server on the official Java
     *     SDK, which may be missing
     */
    public static void main(String[] args) {
        if (args.length < 2) {
            System.err.println("usage: InteropClient NODE FOLDER [JAVA_SDK_CLASSPATH]");
            System.exit(2);
        }
        Checks checks = new Checks();
        List<CompletableFuture<Void>> parts = new ArrayList<>();
        parts.add(part(checks, "server-everything", () -> EverythingChecks.run(checks, args[0], Path.of(args[1]))));
        parts.add(part(checks, "TypeScript SDK", () -> TypeScriptSdk.run(checks, args[0], Path.of(args[1]))));
        if (args.length > 2) {
            parts.add(part(checks, "Java SDK", () -> JavaSdk.run(checks, args[2])));
        }
        parts.forEach(CompletableFuture::join);
        System.exit(checks.summarize() ? 0 : 1);
    }

    /** Runs the checks of one server beside those of the others. */
    private static CompletableFuture<Void> part(Checks checks, String name, ThrowingRunnable body) {
        return CompletableFuture.runAsync(
                () -> checks.check(name, "all checks were made", body), task -> new Thread(task, name).start());
    }
}
