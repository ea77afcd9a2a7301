package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;

/** Distinguishes a cluster whose host names cannot be resolved (yet) from a cluster with wrong client properties. */
final class BootstrapHosts {

    private BootstrapHosts() {}

    /**
     * Returns whether one of the host names can be resolved. An address that is not {@code host:port} counts as resolved,
     * because it remains wrong however long one waits.
     */
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
