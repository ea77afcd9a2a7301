package io.qicore.mcp.timescale.access;

import io.qicore.mcp.tool.ErrorCode;

/** The error codes that are specific to a database; those of every server are in {@link io.qicore.mcp.tool.StandardErrorCode}. */
public enum TimescaleErrorCode implements ErrorCode {
    /** The tool needs the TimescaleDB extension, which the database does not have; the message says how to install it. */
    TIMESCALE_NOT_INSTALLED(false),
    /** The tool needs a newer version of TimescaleDB; the message names both versions. */
    TIMESCALE_TOO_OLD(false),
    /** The tool needs the Community edition of TimescaleDB, and the database runs the Apache edition. */
    TIMESCALE_LICENSE(false),
    /** An extension other than TimescaleDB is missing; the message says how to get it. */
    EXTENSION_NOT_INSTALLED(false),
    /** The schema does not exist; the message suggests the closest name. */
    SCHEMA_NOT_FOUND(false),
    /** The table or view does not exist; the message suggests the closest name. */
    TABLE_NOT_FOUND(false),
    /** A table or view of that name already exists. */
    TABLE_EXISTS(false),
    /** The table is already a hypertable. */
    HYPERTABLE_EXISTS(false),
    /** The table is not a hypertable, or not a continuous aggregate where the tool needs one. */
    NOT_A_HYPERTABLE(false),
    /** The hypertable already has a policy of that kind; the message shows it. */
    POLICY_EXISTS(false),
    /** The hypertable does not have a policy of that kind; the message lists its policies. */
    POLICY_NOT_FOUND(false),
    /** The job does not exist, or the database user may not see it. */
    JOB_NOT_FOUND(false),
    /** The session does not exist or is not running a statement. */
    QUERY_NOT_FOUND(false),
    /** The range holds more buckets than one answer may have; the message says how to narrow it. Nothing was run. */
    TOO_MANY_BUCKETS(false),
    /** The column does not exist; the message lists the columns of the table. */
    COLUMN_NOT_FOUND(false),
    /** The statement may not be run by {@code query}, because it would change something or reach beyond the tables. */
    STATEMENT_NOT_ALLOWED(false),
    /** The statement is not valid; the message is that of the database, and the context has the position. */
    INVALID_SQL(false),
    /** The interval is not a number and a unit, such as {@code 5m} or {@code 1 hour}. */
    INVALID_INTERVAL(false),
    /** The statement did not end in time and was cancelled. Not retryable, because the same statement takes as long again. */
    QUERY_TIMEOUT(false),
    /** Another session holds a lock or changed the same rows; nothing was changed. */
    LOCK_CONFLICT(true),
    /** The result, a row or a value is larger than a result may be; the message says how to make it smaller. */
    RESULT_TOO_LARGE(false),
    /** The database cannot be reached, is starting, or takes no more connections. */
    DATABASE_UNAVAILABLE(true);

    private final boolean retryable;

    TimescaleErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
