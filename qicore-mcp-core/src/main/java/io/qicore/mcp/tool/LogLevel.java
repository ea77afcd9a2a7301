package io.qicore.mcp.tool;

/** Severity of a message to the client, lowest first (RFC 5424). */
public enum LogLevel {
    /** Details for developers. */
    DEBUG,
    /** Ordinary progress. */
    INFO,
    /** Worth noting. */
    NOTICE,
    /** May become a problem. */
    WARNING,
    /** An operation failed. */
    ERROR,
    /** A component failed. */
    CRITICAL,
    /** Somebody must act at once. */
    ALERT,
    /** Nothing works. */
    EMERGENCY
}
