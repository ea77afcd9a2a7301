package io.qicore.mcp.timescale.access;

import io.qicore.mcp.tool.ErrorCode;

/** What can go wrong with a database, as agents see it. */
public enum TimescaleErrorCode implements ErrorCode {
    /** The database has no TimescaleDB extension, which the tool needs; the message says how to get it. */
    TIMESCALE_NOT_INSTALLED(false),
    /** The database's TimescaleDB is older than what the tool needs; the message names both versions. */
    TIMESCALE_TOO_OLD(false),
    /** The tool needs TimescaleDB's Community licence, and the database runs under the Apache one. */
    TIMESCALE_LICENSE(false),
    /** An extension other than TimescaleDB is missing; the message says how to get it. */
    EXTENSION_NOT_INSTALLED(false),
    /** The schema does not exist; the message offers the nearest name. */
    SCHEMA_NOT_FOUND(false),
    /** The table or view does not exist; the message offers the nearest name. */
    TABLE_NOT_FOUND(false),
    /** A table or view of that name exists already. */
    TABLE_EXISTS(false),
    /** The table is a hypertable already. */
    HYPERTABLE_EXISTS(false),
    /** The table is no hypertable, or no continuous aggregate where one is needed. */
    NOT_A_HYPERTABLE(false),
    /** The hypertable has a policy of that kind already; the message shows it. */
    POLICY_EXISTS(false),
    /** The hypertable has no policy of that kind; the message names those that it has. */
    POLICY_NOT_FOUND(false),
    /** There is no job of that number, or this server's user may not see it. */
    JOB_NOT_FOUND(false),
    /** There is no session of that process id that runs a statement. */
    QUERY_NOT_FOUND(false),
    /** The range holds more buckets than one answer may have; the message says how to narrow it. Nothing was run. */
    TOO_MANY_BUCKETS(false),
    /** The table has no such column; the message names those that it has. */
    COLUMN_NOT_FOUND(false),
    /** The statement is not one that {@code query} runs: it would change something, or reach beyond the tables. */
    STATEMENT_NOT_ALLOWED(false),
    /** The statement is wrong; the message is the database's own and the context has the position. */
    INVALID_SQL(false),
    /** The interval is not a number and a unit, such as {@code 5m} or {@code 1 hour}. */
    INVALID_INTERVAL(false),
    /** The statement did not end in time and was cancelled. Not retryable: the same statement takes as long again. */
    QUERY_TIMEOUT(false),
    /** Another session holds a lock or changed the same rows; nothing was changed. */
    LOCK_CONFLICT(true),
    /** A value, or a single row, is larger than what one answer may hold; the message says how to shorten it. */
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
