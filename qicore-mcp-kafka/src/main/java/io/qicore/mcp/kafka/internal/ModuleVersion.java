package io.qicore.mcp.kafka.internal;

/** The version that this module's servers report. */
public final class ModuleVersion {

    private ModuleVersion() {}

    /** From the manifest of the jar; {@code dev} when run from classes that were not packaged. */
    public static String current() {
        String version = ModuleVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
