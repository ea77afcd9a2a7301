package io.qicore.mcp.timescale.internal.connect;

import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
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

    private final Supplier<DataSource> dataSource;

    /** The work of a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** Runs statements. Throws {@link MCPToolError} for failures that the agent should know. */
        T run(Session session) throws SQLException;
    }

    /** A query of this server that is sent together with the opening of the transaction, which saves a round trip. */
    public interface Opening {
        /** Returns one statement. */
        String sql();

        /** Returns a text for each placeholder. */
        List<String> arguments();

        /** Receives the current row of the result. */
        void accept(ResultSet row) throws SQLException;
    }

    /** A connection and its original state. */
    private record Borrowed(Connection connection, BaseConnection driver, boolean autoCommit, int networkTimeout) {}

    public Database(Supplier<DataSource> dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Runs work in a read-only transaction that is always rolled back, because some functions have effects even in a
     * read-only transaction that a commit would make permanent.
     *
     * @throws MCPToolError for every failure of the database
     */
    public <T> T read(RequestContext context, Work<T> work) {
        return transaction(context, true, null, work);
    }

    /**
     * Runs a query first, and then work as {@link #read(RequestContext, Work)} does.
     *
     * @param opening has all its rows before the work begins
     */
    public <T> T read(RequestContext context, Opening opening, Work<T> work) {
        return transaction(context, true, opening, work);
    }

    /**
     * Runs work in a transaction that is committed if the work succeeds and rolled back otherwise.
     *
     * @throws MCPToolError for every failure of the database
     */
    public <T> T write(RequestContext context, Work<T> work) {
        return transaction(context, false, null, work);
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
        Session session = new Session(borrowed.connection(), borrowed.driver(), budget);
        context.onCancel(() -> cancel(session));
        Throwable failure = null;
        try {
            borrowed.connection().setNetworkTimeout(Runnable::run, budget.socketMillis());
            borrowed.connection().setAutoCommit(true);
            return work.run(session);
        } catch (SQLException e) {
            failure = e;
            throw SqlErrors.toToolError(e);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            cancelUnseen(context, borrowed, failure);
            end(borrowed, false, SqlErrors.isConnectionLost(failure) || context.isCancelled());
        }
    }

    private <T> T transaction(RequestContext context, boolean readOnly, @Nullable Opening opening, Work<T> work) {
        Budget budget = new Budget(context);
        Borrowed borrowed = begin(budget, readOnly, opening);
        Session session = new Session(borrowed.connection(), borrowed.driver(), budget);
        context.onCancel(() -> cancel(session));
        Throwable failure = null;
        try {
            T result = work.run(session);
            if (!readOnly) {
                borrowed.connection().commit();
            }
            return result;
        } catch (SQLException e) {
            failure = e;
            throw SqlErrors.toToolError(e);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            cancelUnseen(context, borrowed, failure);
            end(borrowed, readOnly, SqlErrors.isConnectionLost(failure) || context.isCancelled());
        }
    }

    /** Opens a transaction with its limits. Replaces a dead connection, since no work has been done yet. */
    private Borrowed begin(Budget budget, boolean readOnly, @Nullable Opening opening) {
        for (int attempt = 1; ; attempt++) {
            budget.check();
            Borrowed borrowed = borrow();
            try {
                open(borrowed, budget, readOnly, opening);
                return borrowed;
            } catch (SQLException e) {
                end(borrowed, false, true);
                if (attempt == BORROW_ATTEMPTS || !SqlErrors.isConnectionLost(e)) {
                    throw SqlErrors.toToolError(e);
                }
                log.debug("Replacing a dead connection", e);
            } catch (RuntimeException | Error e) {
                end(borrowed, false, true);
                throw e;
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

    private static void open(Borrowed borrowed, Budget budget, boolean readOnly, @Nullable Opening opening)
            throws SQLException {
        Connection connection = borrowed.connection();
        connection.setNetworkTimeout(Runnable::run, budget.socketMillis());
        connection.setAutoCommit(false);
        long millis = budget.statementMillis();
        // With UTC and ISO styles, all replicas, roles and JVMs give the same answer.
        String setup = (readOnly ? "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; " : "")
                + "SET LOCAL statement_timeout = " + millis
                + "; SET LOCAL lock_timeout = " + budget.lockMillis()
                + "; SET LOCAL idle_in_transaction_session_timeout = " + (2 * millis + 1000)
                + "; SET LOCAL standard_conforming_strings = on"
                + "; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = iso_8601"
                // Takes the snapshot. After it, no statement can make the transaction read-write again.
                + "; SELECT current_setting('transaction_read_only')";
        String sql = opening == null ? setup : setup + "; " + opening.sql();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // Not a named statement, which would outlive the transaction and be lost behind a pooler.
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
            List<String> arguments = opening == null ? List.of() : opening.arguments();
            for (int i = 0; i < arguments.size(); i++) {
                statement.setString(i + 1, arguments.get(i));
            }
            statement.execute();
            readResults(statement, readOnly, opening);
        }
    }

    /** Reads two results: whether the transaction is read-only, and the result of the opening query. */
    private static void readResults(Statement statement, boolean readOnly, @Nullable Opening opening)
            throws SQLException {
        skipToResult(statement);
        try (ResultSet result = statement.getResultSet()) {
            if (readOnly && !(result.next() && "on".equals(result.getString(1)))) {
                throw new SQLException("The transaction is not read-only", "25001");
            }
        }
        if (opening != null) {
            statement.getMoreResults();
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    opening.accept(result);
                }
            }
        }
    }

    private static void skipToResult(Statement statement) throws SQLException {
        while (statement.getResultSet() == null) {
            if (!statement.getMoreResults() && statement.getUpdateCount() < 0) {
                throw new SQLException("The transaction did not say whether it is read-only", "25001");
            }
        }
    }

    /** Rolls back uncommitted work and gives the connection back. Closes the connection if its state is not certain. */
    private void end(Borrowed borrowed, boolean readOnly, boolean doubtful) {
        Connection connection = borrowed.connection();
        boolean clean = false;
        try {
            // A pool closes a connection in use when it takes an error for a broken connection.
            if (!doubtful && !connection.isClosed()) {
                if (readOnly && borrowed.driver().getTransactionState() != TransactionState.IDLE) {
                    rollBackReading(borrowed);
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
            if (!clean) {
                discard(connection);
            }
            close(connection);
        }
    }

    /**
     * Ends a read-only transaction that did not end with its last statement. A failed transaction accepts no statement;
     * {@code ROLLBACK AND CHAIN} starts one that does, without giving up the session.
     */
    private static void rollBackReading(Borrowed borrowed) throws SQLException {
        String first = borrowed.driver().getTransactionState() == TransactionState.FAILED ? "ROLLBACK AND CHAIN; " : "";
        try (Statement statement = borrowed.connection().createStatement()) {
            statement.execute(first + Session.END_OF_READING);
        }
        if (borrowed.driver().getTransactionState() != TransactionState.IDLE) {
            throw new SQLException("The transaction did not end", "25000");
        }
    }

    private void discard(Connection connection) {
        try {
            DataSource source = dataSource.get();
            if (source.isWrapperFor(HikariDataSource.class)) {
                source.unwrap(HikariDataSource.class).evictConnection(connection);
            } else {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            log.debug("A connection could not be discarded; its pool has to notice that it is broken", e);
        }
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
