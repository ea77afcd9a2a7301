package io.qicore.mcp.testkit;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * The ports of the listeners of one node. Immutable.
 *
 * @param controllerPort the port of the cluster's only controller, which may be on another node
 * @param ports the port of each listener of the broker
 * @param advertised the port that clients connect to, by the port that the broker listens on
 */
record KafkaPorts(int controllerPort, Map<KafkaListener, Integer> ports, IntUnaryOperator advertised) {

    static final String CONTROLLER = "CONTROLLER";

    /** Binds the listeners of a broker to free ports. */
    static KafkaPorts reserve(
            LoopbackSockets sockets, int controllerPort, List<KafkaListener> listeners, IntUnaryOperator advertised)
            throws IOException {
        Map<KafkaListener, Integer> ports = new LinkedHashMap<>();
        for (KafkaListener listener : listeners) {
            ports.put(listener, sockets.reserve(listener.name()));
        }
        return new KafkaPorts(controllerPort, ports, advertised);
    }

    /** Returns the address of the listener with this name. */
    String address(String listener) {
        return ports.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(listener))
                .map(entry -> address(advertised.applyAsInt(entry.getValue())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener " + listener + "; there are "
                        + ports.keySet().stream().map(KafkaListener::name).toList()));
    }

    /** Returns the broker properties that configure these listeners. */
    Map<String, String> properties(boolean hasController) {
        String bound = addresses(IntUnaryOperator.identity());
        String controller = CONTROLLER + "://" + address(controllerPort);
        String protocols = ports.keySet().stream()
                .map(listener -> listener.name() + ":" + listener.protocol().name)
                .collect(Collectors.joining(","));
        Map<String, String> properties = new HashMap<>();
        properties.put("listeners", hasController ? bound + "," + controller : bound);
        properties.put("advertised.listeners", addresses(advertised));
        properties.put("listener.security.protocol.map", protocols + "," + CONTROLLER + ":PLAINTEXT");
        properties.put("inter.broker.listener.name", KafkaListener.BROKER.name());
        properties.put("controller.listener.names", CONTROLLER);
        properties.put(
                "controller.quorum.voters",
                EmbeddedKafka.FIRST_BROKER + "@" + address(advertised.applyAsInt(controllerPort)));
        ports.keySet().forEach(listener -> properties.putAll(listener.brokerProperties()));
        return properties;
    }

    private String addresses(IntUnaryOperator port) {
        return ports.entrySet().stream()
                .map(entry -> entry.getKey().name() + "://" + address(port.applyAsInt(entry.getValue())))
                .collect(Collectors.joining(","));
    }

    private static String address(int port) {
        return LoopbackSockets.HOST + ":" + port;
    }
}
