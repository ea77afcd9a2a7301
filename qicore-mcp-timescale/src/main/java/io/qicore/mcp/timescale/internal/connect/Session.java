package io.qicore.mcp.timescale.internal.connect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.CachedQuery;
import org.postgresql.core.Field;
import org.postgresql.core.Oid;
import org.postgresql.core.ParameterList;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.Tuple;

/**
 * The statements of one transaction. Valid inside {@link Database.Work} only and confined to its thread, except
 * {@link #cancel()}.
 */
public final class Session {

    private static final int DESCRIBE =
            QueryExecutor.QUERY_ONESHOT | QueryExecutor.QUERY_DESCRIBE_ONLY | QueryExecutor.QUERY_SUPPRESS_BEGIN;

    /**
     * Ends a read-only transaction. An advisory lock that something took behind the checks would outlive it, so they are
     * released, and inside the transaction: after it a pooler in transaction mode may give the next statement to another
     * session of the server.
     */
    static final String END_OF_READING = "SELECT pg_advisory_unlock_all(); ROLLBACK";

    private static final long TIMEOUT_SLACK_MILLIS = 100;

    private final Connection connection;
    private final BaseConnection driver;
    private final Budget budget;
    private final AtomicReference<@Nullable Statement> running = new AtomicReference<>();
    private long timeoutMillis;
    private boolean ended;

    /** Makes a value of the current row. */
    @FunctionalInterface
    public interface RowReader<T> {
        /** Reads the current row. */
        T read(ResultSet row) throws SQLException;
    }

    /** Does something with an open statement. */
    @FunctionalInterface
    public interface StatementUse<T> {
        /** Binds, executes and reads. */
        T apply(PreparedStatement statement) throws SQLException;
    }

    Session(Connection connection, BaseConnection driver, Budget budget) {
        this.connection = connection;
        this.driver = driver;
        this.budget = budget;
        this.timeoutMillis = budget.statementMillis();
    }

    /** All rows of a query of ours. Arguments may be null; those that are text are bound as {@code varchar}. */
    public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... arguments) throws SQLException {
        return with(sql, statement -> {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
            return rows;
        });
    }

    /** The first row of a query of ours, if it has any. */
    public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... arguments) throws SQLException {
        return list(sql, reader, arguments).stream().findFirst();
    }

    /** Runs a statement of ours without a result. */
    public void execute(String sql) throws SQLException {
        with(sql, PreparedStatement::execute);
    }

    /** Runs a statement of ours with arguments and ignores what it returns. */
    public void execute(String sql, @Nullable Object... arguments) throws SQLException {
        with(sql, statement -> {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.execute();
        });
    }

    /** Prepares a statement, makes it the one that a cancelled call cancels, and closes it. */
    public <T> T with(String sql, StatementUse<T> use) throws SQLException {
        budget.check();
        if (ended) {
            throw new IllegalStateException("The transaction has ended; another statement would not be in it");
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // The unnamed statement: nothing outlives the call, and a pooler between here and the server may hand out
            // another session next time.
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
            if (connection.getAutoCommit()) {
                statement.setQueryTimeout(budget.querySeconds());
            }
            running.set(statement);
            return use.apply(statement);
        } finally {
            running.set(null);
        }
    }

    /**
     * Prepares the last statement of a read-only transaction together with what ends it, which saves a round trip. If it
     * fails, the transaction is still there. To be run by {@link PreparedStatement#execute()}; the first result is its.
     */
    public <T> T withLast(String sql, StatementUse<T> use) throws SQLException {
        String all = sql + ";\n" + END_OF_READING;
        Query[] parts = driver.createQuery(all, false, true).query.getSubqueries();
        if (parts == null || parts.length != 3) {
            throw new SQLException("The driver splits the statement elsewhere", "42601");
        }
        T result = with(all, use);
        ended = true;
        return result;
    }

    /**
     * Whether the driver, too, takes this text for one statement and sends it as it is. It splits at semicolons and
     * would run every part, and it replaces JDBC escapes; a text over which the driver and our own lexer disagree is
     * refused.
     */
    public boolean isSingleStatement(String sql) throws SQLException {
        CachedQuery sent = driver.createQuery(sql, true, true);
        CachedQuery unescaped = driver.createQuery(sql, false, true);
        return sent.query.getSubqueries() == null
                && unescaped.query.getSubqueries() == null
                && sent.query.getNativeSql().equals(unescaped.query.getNativeSql());
    }

    /** A name in double quotes. */
    public String quoted(String identifier) throws SQLException {
        return driver.escapeIdentifier(identifier);
    }

    /**
     * The columns of a statement, by parsing it only: it is neither planned, which would run functions that are declared
     * immutable, nor run, and no named statement is left behind, as the driver's own description would.
     *
     * @param values the text of each parameter
     */
    public Field[] describe(String sql, List<@Nullable String> values) throws SQLException {
        budget.check();
        Query query = driver.createQuery(sql, false, true).query;
        ParameterList parameters = query.createParameterList();
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            if (value == null) {
                parameters.setNull(i + 1, Oid.UNSPECIFIED);
            } else {
                parameters.setStringParameter(i + 1, value, Oid.UNSPECIFIED);
            }
        }
        Description description = new Description();
        driver.getQueryExecutor().execute(query, parameters, description, 0, 0, DESCRIBE);
        return description.fields;
    }

    /** Gives the statements from here on the time that is left of the call now, if much has passed since it began. */
    public void renewTimeout() throws SQLException {
        budget.check();
        long left = budget.statementMillis();
        if (left < timeoutMillis - TIMEOUT_SLACK_MILLIS) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL statement_timeout = " + left);
            }
            timeoutMillis = left;
        }
    }

    /** Asks the server to stop the statement that runs now, if one does. */
    void cancel() throws SQLException {
        Statement statement = running.get();
        if (statement != null) {
            statement.cancel();
        }
    }

    private static final class Description extends ResultHandlerBase {
        private Field[] fields = {};

        @Override
        public void handleResultRows(
                Query fromQuery, Field[] described, List<Tuple> tuples, @Nullable ResultCursor cursor) {
            fields = described;
        }

        @Override
        public void handleWarning(SQLWarning warning) {
            // Running the statement gives it again.
        }
    }
}
