package io.qicore.mcp.tool;

/** The severity of a log message to the client, lowest first (RFC 5424). */
public enum LogLevel {
    /** Details for developers. */
    DEBUG,
    /** Normal operation. */
    INFO,
    /** A normal but significant event. */
    NOTICE,
    /** A condition that may become a problem. */
    WARNING,
    /** An operation failed. */
    ERROR,
    /** A component failed. */
    CRITICAL,
    /** Someone must act immediately. */
    ALERT,
    /** The system is unusable. */
    EMERGENCY
}
