package io.qicore.mcp.timescale.internal.series;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.query.QueryRunner;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;

/** Runs a statement that was built from names of the catalogue, with the row types and limits of {@code query}. */
final class SeriesRows {

    private SeriesRows() {}

    static QueryRunner.Rows run(Session session, String sql, ObjectNode values, int maxRows) {
        return new QueryRunner(session, ReadStatement.parse(sql), values).run(maxRows);
    }
}
