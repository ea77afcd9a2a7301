package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Answer;
import io.qicore.mcp.timescale.internal.connect.Batch;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Part;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.connect.SqlErrors;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.guard.GuardCheck;
import io.qicore.mcp.timescale.internal.query.QueryRunner.Rows;
import io.qicore.mcp.timescale.internal.query.QueryRunner.Selection;
import io.qicore.mcp.timescale.internal.sql.NamedParameters;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements of agents in as few round trips as possible: the opening of the transaction, the check of the names, a
 * description and the statement are one pipeline, in which the server skips everything after a failure.
 *
 * <p>The columns decide how a statement is run, and the description tells whether those of the last run still hold. So a
 * repeated statement takes one round trip and a new one takes two. A statement whose names have to be examined takes
 * more.
 *
 * <p>Thread-safe.
 */
final class StatementRunner {

    /**
     * What comes before a statement that is only described. {@code WHERE false} excludes the outer subquery before it is
     * planned, and {@code OFFSET 0} keeps the inner one out of the outer query, whose constants are computed. So nothing of
     * the statement is planned or run; planning would run functions that are declared IMMUTABLE.
     */
    private static final String DESCRIBE = "SELECT * FROM (SELECT * FROM (\n";

    private final KnownStatements known = new KnownStatements();
    private final CatalogGuard guard;
    private final GuardedRead reads;

    /** @param reads runs the statements whose names have to be examined, with the same guard */
    StatementRunner(CatalogGuard guard, GuardedRead reads) {
        this.guard = guard;
        this.reads = reads;
    }

    /** What is known about a statement does not hold any more, or its names have to be examined. */
    private static final class NotAsKnown extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotAsKnown(@Nullable SQLException cause) {
            super("The statement has to be examined", cause, false, false);
        }
    }

    /** A statement with its values. */
    private record Run(
            Database database,
            RequestContext context,
            ReadStatement statement,
            ObjectNode values,
            int maxRows,
            List<@Nullable String> texts) {

        NamedParameters parameters() {
            return statement.parameters();
        }

        String text() {
            return parameters().jdbcText();
        }

        /**
         * Describes the statement, whose text begins at the given position.
         *
         * @param repeats whether it was run before
         */
        Part description(int prefixLength, boolean repeats) {
            return new Part(
                    " ".repeat(prefixLength - DESCRIBE.length()) + DESCRIBE + text()
                            + "\n) AS p OFFSET 0) AS q WHERE false",
                    texts,
                    repeats);
        }

        /** Selects the rows of the statement, whose text begins at the given position. */
        Part selection(int prefixLength, Selection selection) {
            String padding = " ".repeat(prefixLength - selection.prefix().length());
            return new Part(padding + selection.sql(), texts, true);
        }

        MCPToolError failure(SQLException e, int prefixLength) {
            String state = String.valueOf(e.getSQLState());
            String stage = state.startsWith("42") && !state.equals("42501") ? "prepare" : "run";
            return SqlErrors.toToolError(e, stage, position -> parameters().originalPosition(position - prefixLength));
        }
    }

    /**
     * Runs a statement.
     *
     * @param values a value for each parameter
     * @throws MCPToolError for every failure that the statement can cause
     */
    Rows run(Database database, RequestContext context, ReadStatement statement, ObjectNode values, int maxRows) {
        Run run = new Run(
                database, context, statement, values, maxRows, ParameterValues.texts(statement.parameters(), values));
        if (!SchemaLimits.of(context.caller()).isEmpty()) {
            return examined(run, false);
        }
        try {
            return run(run);
        } catch (MCPToolError e) {
            throw GuardedRead.withWayOut(database, context, e);
        }
    }

    private Rows run(Run run) {
        KnownStatements.Known before = known.find(run.text());
        // Asked once, since a moment later the answer could be another one.
        boolean fresh = before != null && before.isFresh();
        if (before != null && (fresh || before.isHarmless())) {
            try {
                return again(run, before, fresh);
            } catch (NotAsKnown changed) {
                known.forget(run.text());
            }
        } else if (before == null) {
            try {
                return first(run);
            } catch (NotAsKnown unclear) {
                // Examined below.
            }
        }
        return examined(run, true);
    }

    /** Runs a statement with known columns in one round trip, and checks its names again if they are not fresh. */
    private Rows again(Run run, KnownStatements.Known before, boolean fresh) {
        Selection selection = Selection.of(run.parameters(), before.columns(), run.maxRows());
        // The same for both parts of the statement, so that a position means the same in the errors of both.
        int prefix = Math.max(DESCRIBE.length(), selection.prefix().length());
        List<Part> parts = new ArrayList<>();
        GuardCheck check = fresh ? null : check(run, parts);
        int description = parts.size();
        parts.add(run.description(prefix, true));
        boolean last = selection.fetchSize() == 0;
        if (last) {
            parts.add(run.selection(prefix, selection));
        }
        Batch batch = new Batch(
                before.session(), parts, last, e -> isNotAsKnown(e) ? new NotAsKnown(e) : run.failure(e, prefix));
        return run.database().read(run.context(), batch, session -> {
            if (!before.describes(session.answers().get(description).fields())) {
                throw new NotAsKnown(null);
            }
            if (check != null) {
                check.passed();
                known.keep(run.text(), before.checkedNow());
            }
            return last
                    ? rows(run, before.columns(), session.answers().get(description + 1))
                    : new QueryRunner(session, run.statement(), run.values()).run(run.maxRows());
        });
    }

    /**
     * Returns whether a failure is that of a check, or of a text that was made for other columns. One that points into the
     * text is repeated, too, because the positions in a prepared text are others.
     */
    private static boolean isNotAsKnown(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.equals("22P02") || state.equals("0A000") || state.startsWith("42") || SqlErrors.hasPosition(e);
    }

    /** Runs a statement whose names do not have to be examined, in two round trips. */
    private Rows first(Run run) {
        int prefix = DESCRIBE.length();
        List<Part> parts = new ArrayList<>();
        GuardCheck check = check(run, parts);
        int description = parts.size();
        parts.add(run.description(prefix, false));
        Batch batch =
                new Batch(null, parts, false, e -> GuardCheck.isRaised(e) ? new NotAsKnown(e) : run.failure(e, prefix));
        return run.database().read(run.context(), batch, session -> {
            if (check != null) {
                check.passed();
            }
            Answer described = session.answers().get(description);
            return select(run, session, new KnownStatements.Description(described.fields()), true, true);
        });
    }

    /**
     * Runs a statement after its names have been examined.
     *
     * @param keep whether to keep what is known about it for the next run
     */
    private Rows examined(Run run, boolean keep) {
        return reads.run(run.database(), run.context(), run.statement(), session -> {
            try {
                String sql = QueryRunner.DESCRIBE_PREFIX + run.text() + "\n) AS q";
                return select(
                        run, session, new KnownStatements.Description(session.describe(sql, run.texts())), false, keep);
            } catch (SQLException e) {
                throw run.failure(e, QueryRunner.DESCRIBE_PREFIX.length());
            }
        });
    }

    /**
     * Adds the check of the names, if there are names, and returns it.
     *
     * @throws NotAsKnown if the check needs more than one query
     */
    private @Nullable GuardCheck check(Run run, List<Part> parts) {
        if (run.statement().names().isEmpty()) {
            return null;
        }
        GuardCheck check = guard.check(run.statement().names());
        parts.add(check.raising().orElseThrow(() -> new NotAsKnown(null)));
        return check;
    }

    private Rows select(
            Run run, Session session, KnownStatements.Description description, boolean harmless, boolean keep)
            throws SQLException {
        List<ResultColumn> columns = ResultColumn.of(description.fields(), session);
        if (columns.isEmpty()) {
            throw new MCPToolError(
                    TimescaleErrorCode.INVALID_SQL, "The statement has no columns.", Map.of("stage", "prepare"));
        }
        Selection selection = Selection.of(run.parameters(), columns, run.maxRows());
        KnownStatements.Known now = KnownStatements.Known.of(session.identity(), columns, description, harmless);
        Rows rows;
        if (selection.fetchSize() > 0) {
            rows = new QueryRunner(session, run.statement(), run.values()).run(run.maxRows());
        } else {
            try {
                session.renewTimeout();
                rows = rows(run, columns, session.runLast(new Part(selection.sql(), run.texts())));
            } catch (SQLException e) {
                throw run.failure(e, selection.prefix().length());
            }
        }
        if (keep && columns.stream().noneMatch(column -> column.cell().hasAttributes())) {
            known.keep(run.text(), now);
        }
        return rows;
    }

    private static Rows rows(Run run, List<ResultColumn> columns, Answer answer) throws SQLException {
        return answer.read(result -> {
            ResultRows rows = new ResultRows(columns, 0, run.maxRows());
            rows.read(result);
            return Rows.unpaged(columns, rows);
        });
    }
}
