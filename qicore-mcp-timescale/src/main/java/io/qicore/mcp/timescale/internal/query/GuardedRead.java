package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.guard.GuardCheck;
import io.qicore.mcp.timescale.internal.guard.StatementLimits;
import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a statement of an agent in a read-only transaction, after {@link CatalogGuard} has checked it. Thread-safe. */
final class GuardedRead {

    /** The message of PostgreSQL for a table that does not exist, which is in English in these sessions. */
    private static final Pattern MISSING = Pattern.compile("relation \"(.+)\" does not exist");

    private final CatalogGuard guard;

    GuardedRead(CatalogGuard guard) {
        this.guard = guard;
    }

    <T> T run(Database database, RequestContext context, ReadStatement statement, Database.Work<T> work) {
        SchemaLimits limits = SchemaLimits.of(context.caller());
        if (!limits.isEmpty()) {
            return limited(database, context, statement, limits, work);
        }
        try {
            return guarded(database, context, statement, work);
        } catch (MCPToolError e) {
            throw withWayOut(database, context, e);
        }
    }

    /** Returns the error. If a table does not exist, adds the name of a similar one, if there is one. */
    static MCPToolError withWayOut(Database database, RequestContext context, MCPToolError error) {
        if (!error.is(TimescaleErrorCode.TABLE_NOT_FOUND)) {
            return error;
        }
        Matcher missing = MISSING.matcher(error.getMessage());
        if (!missing.find()) {
            return error;
        }
        try {
            String wayOut = database.read(context, session -> new Catalog(session).wayOut(name(missing.group(1))));
            return new MCPToolError(
                    TimescaleErrorCode.TABLE_NOT_FOUND, error.getMessage() + wayOut, error.context(), error.getCause());
        } catch (MCPToolError lookup) {
            error.addSuppressed(lookup);
            return error;
        }
    }

    /** Parses a name in a message of PostgreSQL, which has no quotes. */
    private static QualifiedName name(String shown) {
        int dot = shown.indexOf('.');
        return dot < 0
                ? new QualifiedName(null, shown)
                : new QualifiedName(shown.substring(0, dot), shown.substring(dot + 1));
    }

    /** Runs the statement of a caller with limits. What others have found out about the statement is not used. */
    private <T> T limited(
            Database database,
            RequestContext context,
            ReadStatement statement,
            SchemaLimits limits,
            Database.Work<T> work) {
        StatementLimits check = new StatementLimits(statement, limits);
        check.checkText();
        try {
            GuardCheck guarded = guard.checkAfresh(statement.names());
            return database.read(context, guarded, session -> {
                check.check(session);
                guarded.finish(session);
                return work.run(session);
            });
        } catch (MCPToolError e) {
            throw e.is(TimescaleErrorCode.TABLE_NOT_FOUND) ? check.unknownRelation(e) : e;
        }
    }

    private <T> T guarded(Database database, RequestContext context, ReadStatement statement, Database.Work<T> work) {
        if (statement.names().isEmpty()) {
            return database.readStatement(context, work);
        }
        GuardCheck check = guard.check(statement.names());
        return database.read(context, check, session -> {
            check.finish(session);
            return work.run(session);
        });
    }
}
