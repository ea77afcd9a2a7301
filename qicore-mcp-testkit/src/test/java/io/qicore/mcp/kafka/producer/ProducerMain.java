package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import java.util.Map;

/** A program that runs a producer until {@link ProducerFaultsIT} kills it, and prints its status again and again. */
final class ProducerMain {

    static final String STATUS = "status=";

    private ProducerMain() {}

    public static void main(String[] arguments) throws Exception {
        var runtime = LocalProducerRuntime.builder(KafkaConnection.to(arguments[0]))
                .source(new NumberedType())
                .build();
        var producers = ProducerFaultsIT.server(runtime);
        producers.initialize();
        Tools.call(
                producers,
                "start_producer",
                Map.of("sourceId", "a", "config", ProducerFaultsIT.numbered("a", "prices", 500)));
        while (true) {
            JsonNode producer = Tools.call(producers, "get_producer_status", Map.of())
                    .path("producers")
                    .path(0);
            boolean sent = producer.path("metrics").path("recordsSent").longValue() > 1_000;
            System.out.println(STATUS + "{\"sent\":" + sent + ",\"producer\":" + producer + "}");
            Thread.sleep(20);
        }
    }
}
