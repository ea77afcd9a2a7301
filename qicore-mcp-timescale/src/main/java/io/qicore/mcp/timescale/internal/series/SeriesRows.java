package io.qicore.mcp.timescale.internal.series;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.query.QueryRunner;
import io.qicore.mcp.timescale.internal.query.ResultColumn;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import java.io.IOException;
import java.util.List;

/** Runs a statement that was built from names of the catalogue, with the row types and limits of {@code query}. */
final class SeriesRows {

    private SeriesRows() {}

    static QueryRunner runner(Session session, String sql, ObjectNode values) {
        return new QueryRunner(session, ReadStatement.parse(sql), values);
    }

    /** Writes the members of a result that come before its rows. */
    static void head(SeriesTable table, List<ResultColumn> columns, JsonGenerator out) throws IOException {
        out.writeStringField("table", table.table().fullName());
        out.writeArrayFieldStart("columns");
        for (ResultColumn column : columns) {
            out.writeString(column.name());
        }
        out.writeEndArray();
    }
}
