package io.qicore.mcp;

import static org.awaitility.Awaitility.await;

import java.util.Set;
import java.util.stream.Collectors;

/** Which threads of the project there are. */
public final class Threads {

    private Threads() {}

    /** Names of the live platform threads that begin so. */
    public static Set<String> named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toSet());
    }

    /** Fails unless every thread of such a name ends soon. */
    public static void awaitNone(String prefix) {
        await().atMost(Gate.PATIENCE).until(() -> named(prefix), Set::isEmpty);
    }
}
