package io.qicore.mcp.timescale.access;

/** What a server does at its start if its database role may do more, or less, than its tools need. */
public enum RoleCheckMode {
    /** Starts, and logs a warning with the SQL that corrects the role. The default. */
    WARN,
    /** Does not start, and neither does it if the role cannot be checked. */
    REFUSE,
    /** Does not check the role. */
    OFF
}
