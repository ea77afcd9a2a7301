package io.qicore.mcp.host;

import java.util.regex.Pattern;

/** Recognises environment variables that share a prefix with settings but are meant for other programs. */
final class ForeignVariables {

    /** Variables that Kubernetes and Docker links set for each service. */
    private static final Pattern SERVICE = Pattern.compile(
            "[A-Z0-9_]+_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(ADDR|PROTO|PORT))?)");

    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    /** Variables that scripts, container images and applications have for Kafka, TimescaleDB and the like. */
    private static final Pattern OF_SCRIPTS =
            Pattern.compile("[A-Z0-9]+_(PORT|HOME|VERSION|DEBUG|DIR|LOG_DIR|JMX_PORT|JMX_HOSTNAME|(.+_)?OPTS)");

    private ForeignVariables() {}

    /** Returns whether Kubernetes or Docker sets the variable to describe a service. */
    static boolean ofService(String key, String value) {
        return SERVICE.matcher(key).matches() || (key.endsWith("_PORT") && isServiceUrl(value));
    }

    /** Returns whether the variable is known to be meant for another program. */
    static boolean isKnown(String key, String value) {
        return ofService(key, value) || OF_SCRIPTS.matcher(key).matches();
    }

    /** Returns whether a value has the form that Kubernetes gives to {@code <SERVICE>_PORT}: {@code tcp://10.0.0.1:9092}. */
    static boolean isServiceUrl(String value) {
        return SERVICE_URL.matcher(value.strip()).matches();
    }
}
