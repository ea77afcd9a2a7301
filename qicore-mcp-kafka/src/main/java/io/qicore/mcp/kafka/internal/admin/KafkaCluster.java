package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as errors name it, and the principal that its brokers know this server as.
 *
 * @param name the subject of a sentence, such as {@code Kafka at localhost:9092}
 * @param bootstrapServers the addresses for a command line
 * @param principal the principal, such as {@code User:alice}; null if only the brokers know it
 */
public record KafkaCluster(
        String name, String bootstrapServers, @Nullable String principal) {

    /** The cluster of an Admin that the application created, of which only the application knows the addresses. */
    static final KafkaCluster GIVEN = new KafkaCluster("The Kafka cluster", "<broker:port>", null);

    private static final Pattern USERNAME = Pattern.compile("\\busername\\s*=\\s*(?:\"([^\"]+)\"|([^\\s;\"]+))");

    /** Returns the cluster that a connection leads to. */
    public static KafkaCluster of(KafkaConnection connection) {
        String servers = connection.bootstrapServers();
        return new KafkaCluster("Kafka at " + servers, servers, principal(connection.properties()));
    }

    /**
     * Returns the principal that a broker derives by default. A broker maps certificates, Kerberos names and OAuth tokens by
     * rules of its own, so those are not known here.
     */
    private static @Nullable String principal(Map<String, Object> properties) {
        String protocol = text(properties, CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
        if (protocol.startsWith("SASL")) {
            Matcher username = USERNAME.matcher(text(properties, SaslConfigs.SASL_JAAS_CONFIG, ""));
            return username.find()
                    ? "User:" + (username.group(1) == null ? username.group(2) : username.group(1))
                    : null;
        }
        boolean certificate = properties.containsKey(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG)
                || properties.containsKey(SslConfigs.SSL_KEYSTORE_KEY_CONFIG)
                || properties.containsKey(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);
        return protocol.equals("PLAINTEXT") || !certificate ? "User:ANONYMOUS" : null;
    }

    private static String text(Map<String, Object> properties, String name, String otherwise) {
        Object value = properties.get(name);
        return value == null ? otherwise : value.toString();
    }

    /** Returns the name, so that the cluster can be a part of a message. */
    @Override
    public String toString() {
        return name;
    }
}
