package io.qicore.mcp.timescale.internal.connect;

import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PreferQueryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions on borrowed connections, bounded by the deadline of their call: by {@code statement_timeout} and
 * {@code lock_timeout} of the server, by cancelling the statement when the call is cancelled, and by the socket
 * timeout. A connection is given back in its original state or closed. Holds only the data source. Thread-safe.
 */
public final class Database {

    private static final Logger log = LoggerFactory.getLogger(Database.class);

    /** How often a dead connection is replaced, since a pool may hand out connections from before a restart. */
    private static final int BORROW_ATTEMPTS = 5;

    /** The SQLSTATE of a prepared statement whose columns are others than when it was prepared. */
    private static final String OTHER_COLUMNS = "0A000";

    /** The SQLSTATEs after which a session cannot be used with prepared statements: also that of a missing or present name. */
    private static final Set<String> STALE = Set.of(OTHER_COLUMNS, "26000", "42P05");

    private final Supplier<DataSource> dataSource;
    private final Confinement confinement;
    private final @Nullable PreparedStatements prepared;

    /** The work of a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** Runs statements. Throws {@link MCPToolError} for failures that the agent should know. */
        T run(Session session) throws SQLException;
    }

    /** A query of this server that is sent together with the opening of the transaction, which saves a round trip. */
    public interface Opening {
        /** Returns one statement, in which every function and operator is qualified or has exact types. */
        String sql();

        /** Returns a text for each placeholder. */
        List<String> arguments();

        /** Receives the current row of the result. */
        void accept(ResultSet row) throws SQLException;
    }

    private static final Batch NOTHING = new Batch(null, List.of(), false, SqlErrors::toToolError);

    private record Open(Borrowed borrowed, Session session) {}

    /** A connection and its original state. */
    private record Borrowed(Connection connection, BaseConnection driver, boolean autoCommit, int networkTimeout) {}

    /**
     * Creates a database.
     *
     * @param confinement of the transactions that read what agents name
     * @param prepared what is prepared in the sessions of the data source; null if the sessions are not only this server's
     */
    public Database(Supplier<DataSource> dataSource, Confinement confinement, @Nullable PreparedStatements prepared) {
        this.dataSource = dataSource;
        this.confinement = confinement;
        this.prepared = prepared;
    }

    /** Returns the role that reads what agents name, if one is configured. */
    public Optional<String> readRole() {
        return Optional.ofNullable(confinement.role());
    }

    /**
     * Runs statements of this server in a read-only transaction as the role for reading. The transaction is always
     * rolled back, because some functions have effects even in a read-only transaction that a commit would make
     * permanent.
     *
     * @throws MCPToolError for every failure of the database
     */
    public <T> T read(RequestContext context, Work<T> work) {
        return transaction(context, Access.READ, NOTHING, work);
    }

    /**
     * Runs statements of this server about the state of the database server, as {@link #read} does, but as the login
     * role.
     *
     * @throws MCPToolError for every failure of the database
     */
    public <T> T observe(RequestContext context, Work<T> work) {
        return transaction(context, Access.OBSERVE, NOTHING, work);
    }

    /**
     * Opens a read-only transaction for the statement of an agent, as the role for reading, and sends a batch with it.
     *
     * @param work has the answers to the batch; if the batch is the last of the transaction, it cannot run any other
     * @throws MCPToolError for every failure of the database outside the batch
     */
    public <T> T read(RequestContext context, Batch batch, Work<T> work) {
        return transaction(context, Access.STATEMENT, batch, work);
    }

    /**
     * Opens a read-only transaction for the statement of an agent, as the role for reading.
     *
     * @throws MCPToolError for every failure of the database
     */
    public <T> T readStatement(RequestContext context, Work<T> work) {
        return transaction(context, Access.STATEMENT, NOTHING, work);
    }

    /**
     * Opens a read-only transaction for the statement of an agent, as the role for reading, and runs a query first.
     *
     * @param opening has all its rows before the work begins
     * @throws MCPToolError for every failure of the database
     */
    public <T> T read(RequestContext context, Opening opening, Work<T> work) {
        Part part = new Part(opening.sql(), new ArrayList<>(opening.arguments()));
        return read(context, new Batch(null, List.of(part), false, SqlErrors::toToolError), session -> {
            session.answers().get(0).read(rows -> {
                while (rows.next()) {
                    opening.accept(rows);
                }
                return true;
            });
            return work.run(session);
        });
    }

    /**
     * Runs work in a transaction that is committed if the work succeeds and rolled back otherwise.
     *
     * @throws MCPToolError for every failure of the database
     */
    public <T> T write(RequestContext context, Work<T> work) {
        return transaction(context, Access.WRITE, NOTHING, work);
    }

    /**
     * Runs work outside of any transaction, for statements that a transaction block refuses, such as the refresh of a
     * continuous aggregate. Each statement commits by itself. Does not change session settings, because behind a
     * pooler they could affect another client; the deadline is enforced by cancelling the statement from here.
     *
     * @throws MCPToolError for every failure of the database
     */
    public <T> T autocommit(RequestContext context, Work<T> work) {
        Budget budget = new Budget(context);
        budget.check();
        Borrowed borrowed = borrow();
        Session session =
                new Session(borrowed.connection(), borrowed.driver(), budget, SchemaLimits.of(context.caller()), true);
        context.onCancel(() -> cancel(session));
        Throwable failure = null;
        try {
            borrowed.connection().setNetworkTimeout(Runnable::run, budget.socketMillis());
            borrowed.connection().setAutoCommit(true);
            return work.run(session);
        } catch (SQLException e) {
            failure = e;
            throw SqlErrors.shown(SqlErrors.toToolError(e), context);
        } catch (MCPToolError e) {
            failure = e;
            throw SqlErrors.shown(e, context);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            cancelUnseen(context, borrowed, failure);
            end(borrowed, SqlErrors.isConnectionLost(failure) || context.isCancelled());
        }
    }

    private <T> T transaction(RequestContext context, Access access, Batch batch, Work<T> work) {
        Budget budget = new Budget(context);
        Open open = begin(context, budget, access, batch);
        Borrowed borrowed = open.borrowed();
        Throwable failure = null;
        try {
            T result = work.run(open.session());
            if (!access.isReadOnly()) {
                borrowed.connection().commit();
            }
            return result;
        } catch (SQLException e) {
            failure = e;
            throw SqlErrors.shown(SqlErrors.toToolError(e), context);
        } catch (MCPToolError e) {
            failure = e;
            throw SqlErrors.shown(e, context);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            cancelUnseen(context, borrowed, failure);
            end(borrowed, SqlErrors.isConnectionLost(failure) || context.isCancelled());
        }
    }

    /** Opens a transaction with its limits. Replaces a dead connection, since no work has been done yet. */
    private Open begin(RequestContext context, Budget budget, Access access, Batch batch) {
        for (int attempt = 1; ; attempt++) {
            budget.check();
            Borrowed borrowed = borrow();
            Session session = new Session(
                    borrowed.connection(), borrowed.driver(), budget, SchemaLimits.of(context.caller()), false);
            context.onCancel(() -> cancel(session));
            PreparedStatements.Names names =
                    prepared == null || access != Access.STATEMENT ? null : prepared.of(borrowed.driver());
            Pipeline pipeline = new Pipeline(borrowed.driver(), names);
            Throwable failure = null;
            boolean stale = false;
            try {
                boolean sameSession = open(borrowed, session, pipeline, budget, access, batch);
                if (names != null) {
                    names.seen(sameSession);
                }
                return new Open(borrowed, session);
            } catch (SQLException e) {
                failure = e;
                boolean dead = SqlErrors.isConnectionLost(e) && !pipeline.isAnswered();
                stale = pipeline.usedNames() && STALE.contains(String.valueOf(e.getSQLState()));
                boolean again = dead || stale && !e.getSQLState().equals(OTHER_COLUMNS);
                if (attempt == BORROW_ATTEMPTS || !again || context.isCancelled()) {
                    throw batch.failure().apply(e);
                }
                log.debug("Replacing a connection that is dead, or that has lost what was prepared", e);
            } catch (RuntimeException | Error e) {
                failure = e;
                throw e;
            } finally {
                if (failure != null) {
                    cancelUnseen(context, borrowed, failure);
                    end(
                            borrowed,
                            SqlErrors.isConnectionLost(failure)
                                    || stale
                                    || !(failure instanceof SQLException)
                                    || context.isCancelled());
                }
            }
        }
    }

    private Borrowed borrow() {
        Connection connection;
        try {
            connection = dataSource.get().getConnection();
        } catch (SQLException e) {
            throw SqlErrors.toConnectError(e);
        }
        try {
            BaseConnection driver = connection.unwrap(BaseConnection.class);
            if (driver.getTransactionState() != TransactionState.IDLE) {
                throw new SQLException("The data source handed out a connection with an open transaction", "25001");
            }
            if (driver.getPreferQueryMode() == PreferQueryMode.SIMPLE) {
                throw new SQLException("preferQueryMode=simple would let several statements through", "0A000");
            }
            return new Borrowed(connection, driver, connection.getAutoCommit(), connection.getNetworkTimeout());
        } catch (SQLException e) {
            // Given back as it is: the open transaction belongs to the application.
            close(connection);
            throw new MCPToolError(
                    TimescaleErrorCode.DATABASE_UNAVAILABLE.name(),
                    "The server's data source cannot be used: it must give idle connections of the PostgreSQL JDBC"
                            + " driver, and not with preferQueryMode=simple.",
                    Map.of("stage", "connect"),
                    SqlErrors.isConnectionLost(e),
                    e);
        }
    }

    /** Returns whether the transaction is in the session to which the connection was opened. */
    private boolean open(
            Borrowed borrowed, Session session, Pipeline pipeline, Budget budget, Access access, Batch batch)
            throws SQLException {
        Connection connection = borrowed.connection();
        connection.setNetworkTimeout(Runnable::run, budget.socketMillis());
        // The transaction begins with a statement of this server, not of the driver.
        connection.setAutoCommit(true);
        List<Part> parts = new ArrayList<>(
                Preamble.of(access, budget, borrowed.driver(), confinement, session.limits(), batch.session()));
        int first = parts.size();
        List<Answer> answers = new ArrayList<>();
        if (!borrowed.driver().getStandardConformingStrings()) {
            // Sent alone, because the driver reads the text of an agent as the session reads strings.
            answers.addAll(session.pipeline(pipeline, parts));
            parts.clear();
        }
        parts.addAll(batch.parts());
        if (batch.last()) {
            parts.addAll(Session.END_OF_READING);
        }
        if (!parts.isEmpty()) {
            answers.addAll(session.pipeline(pipeline, parts));
        }
        boolean sameSession = answers.get(first - 1).read(settings -> {
            if (!settings.next()
                    || access.isReadOnly() && !"on".equals(settings.getString(Preamble.READ_ONLY_COLUMN))) {
                throw new SQLException("The transaction is not read-only", "25001");
            }
            session.opened(
                    settings,
                    batch.session(),
                    answers.subList(first, first + batch.parts().size()),
                    batch.last());
            // A pooler gives its clients numbers of its own.
            return settings.getInt(Preamble.PROCESS_COLUMN)
                    == borrowed.driver().getQueryExecutor().getBackendPID();
        });
        if (!batch.last()) {
            // From here the driver fetches in portions if it is to, and rolls back what nobody committed.
            connection.setAutoCommit(false);
        }
        return sameSession;
    }

    /** Rolls back uncommitted work and gives the connection back. Closes the connection if its state is not certain. */
    private void end(Borrowed borrowed, boolean doubtful) {
        Connection connection = borrowed.connection();
        boolean clean = false;
        try {
            // A pool closes a connection in use when it takes an error for a broken connection.
            if (!doubtful && !connection.isClosed()) {
                if (borrowed.driver().getTransactionState() != TransactionState.IDLE) {
                    rollBack(borrowed.driver());
                }
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
                connection.setAutoCommit(borrowed.autoCommit());
                connection.setNetworkTimeout(Runnable::run, borrowed.networkTimeout());
                clean = true;
            }
        } catch (SQLException e) {
            log.warn("A connection could not be reset and is discarded", e);
        } finally {
            if (clean) {
                close(connection);
            } else {
                discard(connection);
            }
        }
    }

    /**
     * Ends a transaction that did not end with its last statement. A failed transaction accepts no statement;
     * {@code ROLLBACK AND CHAIN} starts one that does, without giving up the session.
     */
    private static void rollBack(BaseConnection driver) throws SQLException {
        List<Part> parts = new ArrayList<>();
        if (driver.getTransactionState() == TransactionState.FAILED) {
            parts.add(new Part("ROLLBACK AND CHAIN"));
        }
        parts.addAll(Session.END_OF_READING);
        new Pipeline(driver).run(parts);
    }

    private void discard(Connection connection) {
        try {
            DataSource source = dataSource.get();
            if (source.isWrapperFor(HikariDataSource.class)) {
                // Also closes it. Closed once more, the pool would try to reset it.
                source.unwrap(HikariDataSource.class).evictConnection(connection);
                return;
            }
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("A connection could not be discarded; its pool has to notice that it is broken", e);
        }
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("A connection could not be closed", e);
        }
    }

    /**
     * The interrupt of a cancelled call closes the socket of a virtual thread at once, before the statement could be
     * cancelled in the usual way, and the server would notice only when it has something to say. Not done on this
     * thread, whose sockets the interrupt would close, too.
     */
    private static void cancelUnseen(RequestContext context, Borrowed borrowed, @Nullable Throwable failure) {
        if (!context.isCancelled() || !SqlErrors.isConnectionLost(failure)) {
            return;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        borrowed.driver().getQueryExecutor().sendQueryCancel();
                    } catch (SQLException e) {
                        log.debug("A statement could not be cancelled; its statement_timeout ends it", e);
                    }
                },
                "timescale-cancel");
        thread.setDaemon(true);
        thread.start();
    }

    private static void cancel(Session session) {
        try {
            session.cancel();
        } catch (SQLException e) {
            log.debug("A statement could not be cancelled; its statement_timeout ends it", e);
        }
    }
}
