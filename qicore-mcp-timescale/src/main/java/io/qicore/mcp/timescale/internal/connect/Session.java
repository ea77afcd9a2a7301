package io.qicore.mcp.timescale.internal.connect;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.CachedQuery;
import org.postgresql.core.Field;
import org.postgresql.core.ParameterList;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.Tuple;

/**
 * Runs the statements of one transaction. Valid only inside {@link Database.Work} and on its thread, except
 * {@link #cancel()}.
 */
public final class Session {

    private static final int DESCRIBE =
            QueryExecutor.QUERY_ONESHOT | QueryExecutor.QUERY_DESCRIBE_ONLY | QueryExecutor.QUERY_SUPPRESS_BEGIN;

    static final String ROLLBACK = "ROLLBACK";

    /**
     * End a read-only transaction. Release advisory locks, which would outlive the transaction if a statement took
     * one in spite of the checks. They are released inside the transaction, since a pooler may run the next statement
     * in another session.
     */
    static final List<Part> END_OF_READING =
            List.of(new Part("SELECT pg_catalog.pg_advisory_unlock_all()", List.of(), true), new Part(ROLLBACK));

    private static final long TIMEOUT_SLACK_MILLIS = 100;

    private final Connection connection;
    private final BaseConnection driver;
    private final Budget budget;
    private final boolean autocommit;
    private final SchemaLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean running;
    private long timeoutMillis;
    private boolean ended;
    private List<Answer> answers = List.of();
    private String identity = "";
    private String searchPath = "";
    private List<String> schemas = List.of();
    /** How names in hidden schemas begin. Read when it is needed, which is only for callers with limits. */
    private @Nullable List<Pattern> hidden;

    /** Maps the current row to a value. */
    @FunctionalInterface
    public interface RowReader<T> {
        /** Returns the value of the current row. */
        T read(ResultSet row) throws SQLException;
    }

    /** Uses an open statement. */
    @FunctionalInterface
    public interface StatementUse<T> {
        /** Binds, executes and reads the statement. */
        T apply(PreparedStatement statement) throws SQLException;
    }

    Session(Connection connection, BaseConnection driver, Budget budget, SchemaLimits limits, boolean autocommit) {
        this.connection = connection;
        this.driver = driver;
        this.budget = budget;
        this.limits = limits;
        this.autocommit = autocommit;
        this.timeoutMillis = budget.statementMillis();
    }

    /** Receives the row of the settings of its {@link Preamble}, and the answers to what was sent with it. */
    void opened(ResultSet settings, @Nullable String expected, List<Answer> answers, boolean ended)
            throws SQLException {
        this.identity = expected == null ? settings.getString(Preamble.IDENTITY_COLUMN) : expected;
        String path = settings.getString(Preamble.SEARCH_PATH_COLUMN);
        this.searchPath = path == null ? "" : path;
        Array visible = settings.getArray(Preamble.SCHEMAS_COLUMN);
        this.schemas = visible == null
                ? List.of()
                : Stream.of((String[]) visible.getArray()).filter(limits::allow).toList();
        this.answers = List.copyOf(answers);
        this.ended = ended;
    }

    /**
     * Returns what decides how the session resolves the names of a statement: its user, its role and its search path.
     */
    public String identity() {
        return identity;
    }

    /** Returns the schemas that the caller may use. */
    public SchemaLimits limits() {
        return limits;
    }

    /**
     * Returns a text that PostgreSQL printed. If it names an object in a schema that the caller may not use, returns
     * {@link SchemaLimits#HIDDEN} instead. Returns null for null.
     */
    public @Nullable String shown(@Nullable String text) throws SQLException {
        return text == null || !mentionsHidden(text) ? text : SchemaLimits.HIDDEN;
    }

    /** Returns whether a text that PostgreSQL printed names an object in a schema that the caller may not use. */
    public boolean mentionsHidden(String text) throws SQLException {
        if (limits.isEmpty()) {
            return false;
        }
        if (hidden == null) {
            hidden = hiddenNames();
        }
        return hidden.stream().anyMatch(name -> name.matcher(text).find());
    }

    /** Returns how names in hidden schemas begin. Functions beside an extension are most likely those of the extension. */
    private List<Pattern> hiddenNames() throws SQLException {
        List<Pattern> names = new ArrayList<>();
        list(
                "SELECT n.nspname, pg_catalog.quote_ident(n.nspname), EXISTS (SELECT FROM pg_catalog.pg_extension e"
                        + " WHERE e.extnamespace OPERATOR(pg_catalog.=) n.oid) FROM pg_catalog.pg_namespace n",
                row -> {
                    String schema = row.getString(1);
                    if (!schema.startsWith("pg_") && !limits.allow(schema)) {
                        String behind = row.getBoolean(3) ? "\\.(?!\\w+\\()" : "\\.";
                        names.add(Pattern.compile(Pattern.quote(schema) + behind));
                        names.add(Pattern.compile(Pattern.quote(row.getString(2)) + behind));
                    }
                    return schema;
                });
        return names;
    }

    /** Returns the answers to the statements of the {@link Batch} with which the transaction was opened. */
    public List<Answer> answers() {
        return answers;
    }

    /**
     * Returns the schemas in which the caller finds names without a schema, as an array in SQL. The search path of the
     * transaction itself is {@code pg_catalog}.
     */
    public String schemas() {
        return ArrayLiteral.of(schemas);
    }

    /** Returns the schema in which names without a schema are created, if there is one. */
    public Optional<String> currentSchema() {
        return schemas.stream().findFirst();
    }

    /**
     * Gives the rest of the transaction the search path of the user. For a statement with names that an agent gave,
     * such as the types of columns, and without functions and operators.
     */
    public void useSearchPathOfUser() throws SQLException {
        list("SELECT pg_catalog.set_config('search_path', ?, true)", row -> true, searchPath);
    }

    /** Runs statements in one round trip. */
    List<Answer> pipeline(Pipeline pipeline, List<Part> parts) throws SQLException {
        begin();
        try {
            return pipeline.run(parts);
        } finally {
            end();
        }
    }

    /** Runs one statement, whose result is read at once. */
    public Answer run(Part part) throws SQLException {
        checkOpen();
        return pipeline(new Pipeline(driver), List.of(part)).get(0);
    }

    /**
     * Runs the last statement of a read-only transaction together with the end of the transaction, which saves a round
     * trip. If the statement fails, the transaction stays open.
     */
    public Answer runLast(Part part) throws SQLException {
        checkOpen();
        List<Part> parts = new ArrayList<>();
        parts.add(part);
        parts.addAll(END_OF_READING);
        Answer answer = pipeline(new Pipeline(driver), parts).get(0);
        ended = true;
        return answer;
    }

    private void checkOpen() {
        budget.check();
        if (ended) {
            throw new IllegalStateException("The transaction has ended; another statement would not be in it");
        }
    }

    private void begin() {
        lock.lock();
        try {
            running = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a cancellation that is being sent, which would otherwise meet the next user of the connection. */
    private void end() {
        lock.lock();
        try {
            running = false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns all rows of a query of this server. Arguments may be null; text is bound as {@code varchar}. */
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

    /** Returns the first row of a query of this server, if it has one. */
    public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... arguments) throws SQLException {
        return list(sql, reader, arguments).stream().findFirst();
    }

    /** Runs a statement of this server without a result. */
    public void execute(String sql) throws SQLException {
        with(sql, PreparedStatement::execute);
    }

    /** Runs a statement of this server with arguments and ignores its result. */
    public void execute(String sql, @Nullable Object... arguments) throws SQLException {
        with(sql, statement -> {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.execute();
        });
    }

    /** Prepares a statement, which is cancelled with the call, and closes it after use. */
    public <T> T with(String sql, StatementUse<T> use) throws SQLException {
        checkOpen();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // The unnamed statement: nothing outlives the call, and a pooler may use another session next time.
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
            if (autocommit) {
                statement.setQueryTimeout(budget.querySeconds());
            }
            begin();
            return use.apply(statement);
        } finally {
            end();
        }
    }

    /**
     * Returns whether the driver, too, reads this text as one statement and sends it unchanged. The driver splits the
     * text at semicolons and replaces JDBC escapes. A text that the driver and the lexer of this module read
     * differently is refused.
     */
    public boolean isSingleStatement(String sql) throws SQLException {
        CachedQuery sent = driver.createQuery(sql, true, true);
        CachedQuery unescaped = driver.createQuery(sql, false, true);
        return sent.query.getSubqueries() == null
                && unescaped.query.getSubqueries() == null
                && sent.query.getNativeSql().equals(unescaped.query.getNativeSql());
    }

    /** Returns a name in double quotes. */
    public String quoted(String identifier) throws SQLException {
        return driver.escapeIdentifier(identifier);
    }

    /**
     * Returns the columns of a statement, which is parsed only. It is not planned, because planning runs functions
     * that are declared immutable. No named statement is left behind, as by the driver's own description.
     *
     * @param values the text of each parameter
     */
    public Field[] describe(String sql, List<@Nullable String> values) throws SQLException {
        budget.check();
        Query query = driver.createQuery(sql, false, true).query;
        ParameterList parameters = query.createParameterList();
        for (int i = 0; i < values.size(); i++) {
            Pipeline.bind(parameters, i + 1, values.get(i));
        }
        Description description = new Description();
        driver.getQueryExecutor().execute(query, parameters, description, 0, 0, DESCRIBE);
        return description.fields;
    }

    /** Lowers the limits of the next statements to the remaining time of the call, if much of it has passed. */
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

    /** Asks the server to cancel the running statement, if there is one. */
    void cancel() throws SQLException {
        lock.lock();
        try {
            if (running) {
                driver.getQueryExecutor().sendQueryCancel();
            }
        } finally {
            lock.unlock();
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
            // Running the statement throws it again.
        }
    }
}
