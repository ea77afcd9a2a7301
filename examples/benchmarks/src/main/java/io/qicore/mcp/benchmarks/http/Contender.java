package io.qicore.mcp.benchmarks.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of the servers that are compared, under load, with what has been measured of it. Not thread-safe. */
final class Contender implements AutoCloseable {

    private final String name;
    private final ServerProcess server;
    private final Load load;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * One round.
     *
     * @param callsPerSecond as the load saw it
     * @param cpuMicros processor time of the server for each call, in microseconds
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

    void warmUp(Duration duration) throws IOException {
        load.run(duration);
    }

    Round measure(Duration duration) throws IOException {
        Duration before = server.cpuTime();
        double callsPerSecond = load.run(duration);
        double cpuMicros = server.cpuTime().minus(before).toNanos() / 1e3 / (callsPerSecond * duration.toNanos() / 1e9);
        Round round = new Round(callsPerSecond, cpuMicros);
        rounds.add(round);
        return round;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
