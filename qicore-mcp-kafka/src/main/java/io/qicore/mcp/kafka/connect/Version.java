package io.qicore.mcp.kafka.connect;

import io.qicore.mcp.kafka.internal.ModuleVersion;

/** The version that Connect shows of the plugin. */
final class Version {

    static final String TEXT = ModuleVersion.current();

    private Version() {}
}
