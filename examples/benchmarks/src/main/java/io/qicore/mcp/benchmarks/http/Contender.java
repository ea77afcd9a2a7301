package io.qicore.mcp.benchmarks.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of the compared servers, its load generator, and its results. Not thread-safe. */
final class Contender implements AutoCloseable {

    private static final double STILL_WARMING = 0.9;

    private final String name;
    private final ServerProcess server;
    private final Load load;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * The result of a round.
     *
     * @param callsPerSecond calls per second, as the load generator measured them
     * @param cpuMicros processor time of the server per call, in microseconds
     */
    record Round(double callsPerSecond, double cpuMicros) {}

    Contender(String name, ServerProcess server, AddRequest.Revision revision, int connections) {
        this.name = name;
        this.server = server;
        this.load = new Load(server.port(), revision, connections);
    }

    String name() {
        return name;
    }

    List<Round> rounds() {
        return rounds;
    }

    /**
     * Runs rounds until the JVM has compiled the server's code, that is, until the processor time per call stops falling. A
     * fixed time would not be enough, because other load on the machine can slow the compiler down.
     */
    void warmUp(Duration round, int maxRounds) throws IOException {
        double before = Double.MAX_VALUE;
        for (int i = 0; i < maxRounds; i++) {
            double now = run(round).cpuMicros();
            if (now > before * STILL_WARMING) {
                return;
            }
            before = now;
        }
    }

    Round measure(Duration duration) throws IOException {
        Round round = run(duration);
        rounds.add(round);
        return round;
    }

    private Round run(Duration duration) throws IOException {
        Duration before = server.cpuTime();
        double callsPerSecond = load.run(duration);
        double calls = callsPerSecond * duration.toMillis() / 1e3;
        return new Round(callsPerSecond, server.cpuTime().minus(before).toNanos() / 1e3 / calls);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
