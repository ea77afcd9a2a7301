package io.qicore.mcp.timescale.internal.connect;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.PreparedStatements.Step;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.CachedQuery;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Oid;
import org.postgresql.core.ParameterList;
import org.postgresql.core.Parser;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.Tuple;

/**
 * Sends several statements in one round trip, by the extended protocol with one Sync at the end: if a statement fails,
 * the server skips the rest. Uses the unnamed statement, of which nothing outlives the call. Confined to one thread.
 */
final class Pipeline {

    private static final int FLAGS =
            QueryExecutor.QUERY_ONESHOT | QueryExecutor.QUERY_SUPPRESS_BEGIN | QueryExecutor.QUERY_NO_BINARY_TRANSFER;

    /** Since this version, {@code statement_timeout} holds for each statement of a message, also one that sets it before. */
    private static final int TIMES_EACH_STATEMENT = 130000;

    private final BaseConnection driver;
    private final PreparedStatements.@Nullable Names names;
    private final Results results = new Results();
    private boolean usedNames;

    Pipeline(BaseConnection driver) {
        this(driver, null);
    }

    /** @param names what is prepared in the session of the connection, or null to prepare nothing */
    Pipeline(BaseConnection driver, PreparedStatements.@Nullable Names names) {
        this.driver = driver;
        this.names = names;
    }

    /**
     * Runs statements and returns the answer to each.
     *
     * @throws SQLException if one of them fails
     * @throws MCPToolError if the driver finds more statements than there are
     */
    List<Answer> run(List<Part> parts) throws SQLException {
        if (names == null) {
            return send(parts);
        }
        List<Step> steps = names.steps(parts, driver);
        List<Part> sent = steps.stream().map(Step::part).toList();
        usedNames |= !sent.equals(parts);
        int before = results.answers.size();
        List<Answer> asked = new ArrayList<>();
        try {
            if (steps.stream().allMatch(Step::isFixed) && driver.haveMinimumServerVersion(TIMES_EACH_STATEMENT)) {
                sendAsOne(sent);
            } else if (steps.stream().anyMatch(step -> step.prepares() != null)) {
                sendPreparing(steps);
            } else {
                send(sent);
            }
        } finally {
            // Also after a failure: what came before it stays prepared.
            List<Answer> answers = results.answers.subList(before, results.answers.size());
            for (int i = 0; i < answers.size(); i++) {
                Step step = steps.get(i);
                if (step.prepares() != null) {
                    names.keep(step.prepares());
                }
                if (step.isAsked()) {
                    asked.add(answers.get(i));
                }
            }
        }
        return List.copyOf(asked);
    }

    /**
     * Sends statements as one message, for which the server does less than for the messages of the extended protocol. Only for
     * statements with no text of an agent, since the server runs every statement that it finds in the message.
     */
    private void sendAsOne(List<Part> parts) throws SQLException {
        String sql = parts.stream().map(Part::sql).collect(Collectors.joining(";"));
        QueryExecutor executor = driver.getQueryExecutor();
        Query query = executor.wrap(List.of(new NativeQuery(sql, SqlCommand.BLANK)));
        executor.execute(query, null, results, 0, 0, FLAGS | QueryExecutor.QUERY_EXECUTE_AS_SIMPLE);
    }

    private List<Answer> send(List<Part> parts) throws SQLException {
        QueryExecutor executor = driver.getQueryExecutor();
        // Without a line break, which would shift the positions in error messages.
        String sql = parts.stream().map(Part::sql).collect(Collectors.joining(";"));
        // Without JDBC escapes, which the lexer of this module does not know.
        CachedQuery cached = executor.borrowQueryByKey(executor.createQueryKey(sql, false, true));
        try {
            return send(cached.query, parts);
        } finally {
            executor.releaseQuery(cached);
        }
    }

    /** Sends statements of which some prepare others. Those have no values, and a question mark in them is an operator. */
    private List<Answer> sendPreparing(List<Step> steps) throws SQLException {
        List<NativeQuery> queries = new ArrayList<>();
        for (Step step : steps) {
            String sql = step.part().sql();
            if (step.prepares() == null) {
                queries.addAll(
                        Parser.parseJdbcSql(sql, driver.getStandardConformingStrings(), true, true, false, false));
            } else {
                queries.add(new NativeQuery(sql, new int[0], false, SqlCommand.BLANK));
            }
        }
        return send(
                driver.getQueryExecutor().wrap(queries),
                steps.stream().map(Step::part).toList());
    }

    private List<Answer> send(Query query, List<Part> parts) throws SQLException {
        int before = results.answers.size();
        Query[] statements = query.getSubqueries();
        if ((statements == null ? 1 : statements.length) != parts.size()) {
            throw new MCPToolError(
                    TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                    "The statement is refused: the driver reads more than one statement in it.",
                    Map.of("stage", "guard"));
        }
        driver.getQueryExecutor().execute(query, parameters(query, parts), results, 0, 0, FLAGS);
        return List.copyOf(results.answers.subList(before, results.answers.size()));
    }

    /** Returns whether a statement was sent by its name, which the session may not have any more. */
    boolean usedNames() {
        return usedNames;
    }

    /** Returns whether the server has answered at least one statement, so that the connection was alive. */
    boolean isAnswered() {
        return !results.answers.isEmpty();
    }

    private static ParameterList parameters(Query query, List<Part> parts) throws SQLException {
        ParameterList parameters = query.createParameterList();
        int index = 1;
        for (Part part : parts) {
            for (String value : part.values()) {
                bind(parameters, index++, value);
            }
        }
        return parameters;
    }

    static void bind(ParameterList parameters, int index, @Nullable String value) throws SQLException {
        if (value == null) {
            parameters.setNull(index, Oid.UNSPECIFIED);
        } else {
            parameters.setStringParameter(index, value, Oid.UNSPECIFIED);
        }
    }

    private final class Results extends ResultHandlerBase {

        private final List<Answer> answers = new ArrayList<>();

        @Override
        public void handleResultRows(Query query, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
            answers.add(new Answer(driver, fields, tuples));
        }

        @Override
        public void handleCommandStatus(String status, long updateCount, long insertOid) {
            answers.add(new Answer(driver, new Field[0], List.of()));
        }

        @Override
        public void handleWarning(SQLWarning warning) {
            // Notices of statements are not for agents.
        }
    }
}
