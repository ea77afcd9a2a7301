package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A read-only transaction for a statement of an agent: nothing of it is planned before the catalogue was looked at. */
final class GuardedRead {

    /** What PostgreSQL says of a table that there is not, in English as its clients need no other. */
    private static final Pattern MISSING = Pattern.compile("relation \"(.+)\" does not exist");

    private GuardedRead() {}

    static <T> T run(Database database, RequestContext context, ReadStatement statement, Database.Work<T> work) {
        try {
            return guarded(database, context, statement, work);
        } catch (MCPToolError e) {
            throw e.is(TimescaleErrorCode.TABLE_NOT_FOUND) ? withWayOut(database, context, e) : e;
        }
    }

    /** The same error with the name of a table that there is, if one is near. */
    private static MCPToolError withWayOut(Database database, RequestContext context, MCPToolError error) {
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

    /** PostgreSQL shows names without quotes. */
    private static QualifiedName name(String shown) {
        int dot = shown.indexOf('.');
        return dot < 0
                ? new QualifiedName(null, shown)
                : new QualifiedName(shown.substring(0, dot), shown.substring(dot + 1));
    }

    private static <T> T guarded(
            Database database, RequestContext context, ReadStatement statement, Database.Work<T> work) {
        if (statement.references().isEmpty()) {
            return database.read(context, work);
        }
        CatalogGuard guard = new CatalogGuard(statement.references());
        return database.read(context, guard, session -> {
            guard.check(session);
            return work.run(session);
        });
    }
}
