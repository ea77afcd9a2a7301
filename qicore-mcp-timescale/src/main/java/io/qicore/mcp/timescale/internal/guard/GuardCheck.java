package io.qicore.mcp.timescale.internal.guard;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Part;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.connect.SqlErrors;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard.Verdict;
import io.qicore.mcp.timescale.internal.sql.SqlNames;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The check of one statement: {@link #sql()} with {@link #arguments()} is sent first, {@link #accept} takes its rows, and
 * {@link #finish} decides. Confined to one thread.
 */
public final class GuardCheck implements Database.Opening {

    private static final String RAISED = "names to examine";

    private final CatalogGuard guard;
    private final SqlNames names;
    private final @Nullable Verdict verdict;
    private final Optional<Unnamed> unnamed;
    private final List<Found> found = new ArrayList<>();
    private final long began;
    private final boolean keep;
    private String schemas = "";

    /** @param keep whether other statements may use the verdict */
    GuardCheck(CatalogGuard guard, SqlNames names, @Nullable Verdict verdict, Optional<Unnamed> unnamed, boolean keep) {
        this.guard = guard;
        this.names = names;
        this.verdict = verdict;
        this.unnamed = unnamed;
        this.began = guard.time();
        this.keep = keep;
    }

    /** Returns the first query: the schemas of the search path, and the lookup unless its outcome is known. */
    @Override
    public String sql() {
        return looksUp() ? CatalogQueries.SCHEMAS_AND_LOOKUP : CatalogQueries.SCHEMAS;
    }

    @Override
    public List<String> arguments() {
        return looksUp() ? references().arguments(unnamed.orElseThrow().relations()) : List.of();
    }

    /**
     * Returns a query that fails if the check needs more than one query, so that PostgreSQL skips what comes after it in a
     * pipeline. If it succeeds, the statement is allowed: call {@link #passed}. Empty if the check needs more queries in any
     * case.
     */
    public Optional<Part> raising() {
        List<@Nullable String> values = new ArrayList<>();
        String condition = "CAST(pg_catalog.current_schemas(true) AS text) OPERATOR(pg_catalog.<>) ?";
        if (verdict != null) {
            if (verdict.refusal() != null) {
                return Optional.empty();
            }
            values.add(verdict.schemas());
        } else {
            if (unnamed.isEmpty() || !names.settings().isEmpty()) {
                return Optional.empty();
            }
            // In other schemas, what runs without being named may be something else.
            values.add(unnamed.get().schemas());
            values.addAll(references().arguments(unnamed.get().relations()));
            condition += " OR EXISTS (" + CatalogQueries.LOOKUP + ")";
        }
        return Optional.of(new Part(
                "SELECT CAST(CASE WHEN " + condition + " THEN '" + RAISED + "' ELSE '0' END AS pg_catalog.int4)",
                values,
                true));
    }

    /** Returns whether a failure is that of {@link #raising}. */
    public static boolean isRaised(SQLException failure) {
        return "22P02".equals(failure.getSQLState())
                && String.valueOf(failure.getMessage()).contains(RAISED);
    }

    /** Keeps the verdict after {@link #raising} has succeeded. */
    public void passed() {
        if (verdict == null) {
            guard.keep(names, unnamed.orElseThrow().schemas(), null, began);
        }
    }

    @Override
    public void accept(ResultSet row) throws SQLException {
        schemas = row.getString(1);
        if (looksUp() && row.getString(2) != null) {
            found.add(Found.read(row, 1));
        }
    }

    /**
     * Ends the check. Needs the database only if the first query found something, or if no verdict is fresh.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED}; the message names the object and the
     *     reason
     */
    public void finish(Session session) {
        try {
            if (verdict != null && verdict.schemas().equals(schemas)) {
                if (verdict.refusal() != null) {
                    throw shown(new Refused(verdict.refusal()), session);
                }
                return;
            }
            long time = guard.time();
            try {
                examine(session);
                keep(null, time);
            } catch (Refused refused) {
                keep(refused.why(), time);
                throw shown(refused, session);
            }
        } catch (SQLException e) {
            throw SqlErrors.toToolError(e, "guard", null);
        }
    }

    private void keep(@Nullable String refusal, long time) {
        if (keep) {
            guard.keep(names, schemas, refusal, time);
        }
    }

    /** Returns the error. What is behind an allowed view can be in a schema that the caller may not see. */
    private static MCPToolError shown(Refused refused, Session session) throws SQLException {
        return session.mentionsHidden(refused.why())
                ? new Refused("something behind it, in another schema, may do more than read data of this database")
                        .toToolError()
                : refused.toToolError();
    }

    private void examine(Session session) throws SQLException {
        checkSchemas();
        Unnamed rest = guard.unnamed(session, schemas, keep);
        Examination examination = new Examination(session, guard.policy(), rest, names);
        examination.checkSettings(names.settings());
        if (looksUp() && unnamed.orElseThrow() == rest) {
            examination.begin(references(), found);
        } else {
            examination.begin(references());
        }
    }

    /** With another schema before pg_catalog, not even the queries of the guard would mean what they say. */
    private void checkSchemas() {
        for (String schema : schemas.substring(1, schemas.length() - 1).split(",")) {
            if (schema.equals("pg_catalog")) {
                return;
            }
            if (!schema.startsWith("pg_temp_")) {
                throw new Refused("schema " + schema + " comes before pg_catalog in search_path, so that functions in"
                        + " it replace those of PostgreSQL. Remove pg_catalog from search_path, which puts it first");
            }
        }
    }

    private boolean looksUp() {
        return verdict == null && unnamed.isPresent();
    }

    private References references() {
        References references = new References();
        references.add(names, false);
        return references;
    }
}
