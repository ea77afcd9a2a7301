package io.qicore.mcp.kafka.internal;

/** The version that this module's servers report. */
public final class Version {

    private Version() {}

    /** From the manifest of the jar; {@code dev} when run from classes that were not packaged. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
