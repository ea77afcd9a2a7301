package io.qicore.mcp.host;

import java.util.regex.Pattern;

/** Environment variables of others that share a prefix with settings, recognised by their shape. */
final class ForeignVariables {

    /** What Kubernetes and Docker links set for each service. */
    private static final Pattern SERVICE = Pattern.compile(
            "[A-Z0-9_]+_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(ADDR|PROTO|PORT))?)");

    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    /** Variables that scripts, container images and applications have for Kafka, TimescaleDB and the like. */
    private static final Pattern OF_SCRIPTS =
            Pattern.compile("[A-Z0-9]+_(PORT|HOME|VERSION|DEBUG|DIR|LOG_DIR|JMX_PORT|JMX_HOSTNAME|(.+_)?OPTS)");

    private ForeignVariables() {}

    /** Whether it describes a service of the cluster. */
    static boolean ofService(String key, String value) {
        return SERVICE.matcher(key).matches() || (key.endsWith("_PORT") && isServiceUrl(value));
    }

    /** Whether it is known to have nothing to do with a server. */
    static boolean isKnown(String key, String value) {
        return ofService(key, value) || OF_SCRIPTS.matcher(key).matches();
    }

    static boolean isServiceUrl(String value) {
        return SERVICE_URL.matcher(value.strip()).matches();
    }
}
