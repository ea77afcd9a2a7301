package io.qicore.mcp.testkit;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A listener of the brokers of an embedded cluster. Immutable.
 *
 * @param name letters and digits, unique in its cluster
 * @param protocol how clients authenticate, and whether they encrypt
 * @param properties broker properties of this listener alone, without their {@code listener.name.…} prefix
 */
record KafkaListener(String name, SecurityProtocol protocol, Map<String, String> properties) {

    // Declared before BROKER, whose constructor uses it.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]+");

    /** The listener that the brokers use among themselves, and clients that do not have to authenticate. */
    static final KafkaListener BROKER = new KafkaListener("BROKER", SecurityProtocol.PLAINTEXT, Map.of());

    KafkaListener {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a listener must be letters and digits, but is '" + name + "'");
        }
        properties = Map.copyOf(properties);
    }

    /** Returns the properties as they would be in {@code server.properties}. */
    Map<String, String> brokerProperties() {
        Map<String, String> prefixed = new HashMap<>();
        String prefix = "listener.name." + name.toLowerCase(Locale.ROOT) + ".";
        properties.forEach((key, value) -> prefixed.put(prefix + key, value));
        return prefixed;
    }
}
