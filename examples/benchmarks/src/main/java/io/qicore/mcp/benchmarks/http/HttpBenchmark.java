package io.qicore.mcp.benchmarks.http;

import io.qicore.mcp.benchmarks.http.Contender.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Compares QiCore MCP over HTTP with the official Java SDK and with a bare Jetty handler. Each server has its own JVM. They
 * get the same load in alternating rounds, so that other load on the machine affects all of them.
 *
 * <p>The targets are for processor time per call, which depends less on other load than calls per second do; these are
 * printed beside it. A ratio is the median of the ratios of the rounds. The SDK runs with its default settings and in its
 * immediate mode, which is faster but blocks the thread of the request.
 */
public final class HttpBenchmark {

    private static final int CONNECTIONS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int MAX_WARM_UPS = 7;
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final int ROUNDS = 5;

    private static final double TARGET_VS_BARE = 1.20;
    private static final double TARGET_VS_SDK = 0.50;
    private static final double TARGET_VS_IMMEDIATE_SDK = 0.78;

    private static final Path SDK = Path.of("examples/benchmarks/java-sdk/target");
    private static final String SDK_SERVER = "io.qicore.mcp.benchmarks.javasdk.JavaSdkServer";

    private HttpBenchmark() {}

    /** Runs the benchmark in the project's folder. Takes no arguments. The exit code is 1 if a target is missed. */
    public static void main(String[] arguments) throws IOException {
        System.out.printf(
                "Java %s, %d processors, %s, %d connections%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                String.join(" ", ServerProcess.JVM_FLAGS),
                CONNECTIONS);
        boolean passed;
        try (Contender qicore = ours("qicore", QiCoreServer.class);
                Contender sdk = sdk("java-sdk");
                Contender immediateSdk = sdk("java-sdk-immediate", "immediate");
                Contender bare = ours("bare", BareServer.class)) {
            List<Contender> contenders = List.of(qicore, sdk, immediateSdk, bare);
            run(contenders);
            contenders.forEach(HttpBenchmark::report);
            passed = meets("http-cpu-vs-bare", qicore, bare, TARGET_VS_BARE)
                    & meets("http-cpu-vs-sdk", qicore, sdk, TARGET_VS_SDK)
                    & meets("http-cpu-vs-sdk-immediate", qicore, immediateSdk, TARGET_VS_IMMEDIATE_SDK);
        }
        System.exit(passed ? 0 : 1);
    }

    private static Contender ours(String name, Class<?> mainClass) throws IOException {
        ServerProcess server = new ServerProcess(System.getProperty("java.class.path"), mainClass.getName());
        return new Contender(name, server, AddRequest.Revision.MODERN, CONNECTIONS);
    }

    private static Contender sdk(String name, String... arguments) throws IOException {
        String classpath = SDK.resolve("classes") + ":" + Files.readString(SDK.resolve("classpath"));
        ServerProcess server = new ServerProcess(classpath, SDK_SERVER, arguments);
        return new Contender(name, server, AddRequest.Revision.V2025_11_25, CONNECTIONS);
    }

    private static void run(List<Contender> contenders) throws IOException {
        for (Contender contender : contenders) {
            contender.warmUp(WARM_UP, MAX_WARM_UPS);
        }
        List<Contender> order = new ArrayList<>(contenders);
        for (int i = 1; i <= ROUNDS; i++) {
            StringBuilder line = new StringBuilder("round " + i + ":");
            for (Contender contender : order) {
                Round round = contender.measure(ROUND);
                line.append("  %s %,.0f/s".formatted(contender.name(), round.callsPerSecond()));
            }
            System.out.println(line);
            Collections.rotate(order, 1);
        }
    }

    private static void report(Contender contender) {
        System.out.printf(
                "%-18s %,8.0f calls/s, %5.1f us of processor time per call%n",
                contender.name(),
                median(contender.rounds(), Round::callsPerSecond),
                median(contender.rounds(), Round::cpuMicros));
    }

    private static double ratio(Contender ours, Contender other, ToDoubleFunction<Round> value) {
        List<Double> ratios = IntStream.range(0, ROUNDS)
                .mapToObj(i -> value.applyAsDouble(ours.rounds().get(i))
                        / value.applyAsDouble(other.rounds().get(i)))
                .toList();
        return median(ratios, Double::doubleValue);
    }

    private static boolean meets(String name, Contender ours, Contender other, double target) {
        double ratio = ratio(ours, other, Round::cpuMicros);
        System.out.printf("%s: ratio = %.2f (target <= %.2f)%n", name, ratio, target);
        System.out.printf("  calls per second: ratio = %.2f%n", ratio(ours, other, Round::callsPerSecond));
        return ratio <= target;
    }

    private static <T> double median(List<T> items, ToDoubleFunction<T> value) {
        double[] sorted = items.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
