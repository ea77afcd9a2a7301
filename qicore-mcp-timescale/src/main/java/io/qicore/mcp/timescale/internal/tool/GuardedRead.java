package io.qicore.mcp.timescale.internal.tool;

import io.qicore.mcp.timescale.internal.db.CatalogGuard;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.ToolContext;

/** A read-only transaction for a statement of an agent: nothing of it is planned before the catalogue was looked at. */
final class GuardedRead {

    private GuardedRead() {}

    static <T> T run(Database database, ToolContext context, ReadStatement statement, Database.Work<T> work) {
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
