package io.qicore.mcp.timescale.access;

/** What a server does at its start if its database role may do more, or less, than its tools need. */
public enum RoleCheckMode {
    /** Starts, and logs a warning with the SQL that corrects the role. */
    WARN,
    /**
     * Does not start if the role may do more than the tools need and agents would read as this role: no other role is
     * configured, and it cannot take {@code pg_read_all_data}. Also refuses a configured role for reading that may do
     * more than read. Logs a warning otherwise. If the database cannot be reached at the start, the role is checked
     * before the first call. The default.
     */
    REFUSE,
    /** Does not check the role. Agents read as the role for reading all the same. */
    OFF
}
