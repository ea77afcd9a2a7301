package io.qicore.mcp.kafka.internal;

/** The version that this module's servers report. */
public final class ModuleVersion {

    private ModuleVersion() {}

    /** Returns the version in the manifest of the jar, or {@code dev} if the classes are not packaged. */
    public static String current() {
        String version = ModuleVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
