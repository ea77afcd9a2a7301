package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;

/** Tells a cluster whose name is not known (yet) from one that is configured wrongly. */
final class BootstrapHosts {

    private BootstrapHosts() {}

    /** Whether the name service knows one of the hosts. What is no {@code host:port} counts as known: waiting is no cure. */
    static boolean anyResolves(KafkaConnection connection) {
        return Arrays.stream(connection.bootstrapServers().split(","))
                .map(String::strip)
                .anyMatch(BootstrapHosts::resolves);
    }

    private static boolean resolves(String server) {
        String host = Utils.getHost(server);
        if (host == null || Utils.getPort(server) == null) {
            return true;
        }
        try {
            InetAddress.getByName(host);
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
