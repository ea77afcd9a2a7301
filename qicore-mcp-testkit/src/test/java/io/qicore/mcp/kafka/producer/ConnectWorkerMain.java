package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.testkit.EmbeddedConnect;

/** A program that is a worker of Kafka Connect until it is killed. Prints its address. */
final class ConnectWorkerMain {

    static final String URL = "url=";

    private ConnectWorkerMain() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedConnect.Builder builder = EmbeddedConnect.builder(arguments[0])
                // A killed worker is missed sooner than after the 10 seconds of the default.
                .workerProperty("session.timeout.ms", "6000")
                .workerProperty("heartbeat.interval.ms", "1000");
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            builder.workerProperty(arguments[i], arguments[i + 1]);
        }
        System.out.println(URL + builder.start().url());
        Thread.currentThread().join();
    }
}
