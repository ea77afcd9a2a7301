package io.qicore.mcp.kafka.internal;

import org.jspecify.annotations.Nullable;

/** The version that servers of this module report. */
public final class Versions {

    private Versions() {}

    /** The version in the manifest of this module's jar, or {@code development} when there is no jar. */
    public static String module() {
        @Nullable String version = Versions.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
