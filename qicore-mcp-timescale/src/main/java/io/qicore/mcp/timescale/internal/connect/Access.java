package io.qicore.mcp.timescale.internal.connect;

/** What a transaction is for. It decides the role, the search path and whether the transaction can write. */
public enum Access {
    /**
     * A statement of an agent. Reads only, as the role for reading, and with the search path of the user, by which the
     * statement finds its tables. Statements of this server in it must qualify every function and operator.
     */
    STATEMENT(true, true, false),
    /** Statements of this server about objects that an agent names. Reads only, as the role for reading. */
    READ(true, true, true),
    /**
     * Statements of this server about the state of the database server, which an agent cannot name. Reads only, as the
     * login role, because the role for reading may not see the sessions and statements of other roles.
     */
    OBSERVE(true, false, true),
    /** Changes, as the login role. */
    WRITE(false, false, true);

    private final boolean readOnly;
    private final boolean asReader;
    private final boolean pinned;

    Access(boolean readOnly, boolean asReader, boolean pinned) {
        this.readOnly = readOnly;
        this.asReader = asReader;
        this.pinned = pinned;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** Returns whether the transaction runs as the role for reading. */
    boolean isAsReader() {
        return asReader;
    }

    /**
     * Returns whether the search path is {@code pg_catalog} only, so that functions and operators that users create
     * cannot be called by accident (CVE-2018-1058).
     */
    boolean isPinned() {
        return pinned;
    }
}
