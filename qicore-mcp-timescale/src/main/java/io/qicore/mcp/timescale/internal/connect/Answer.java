package io.qicore.mcp.timescale.internal.connect;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.BaseStatement;
import org.postgresql.core.Field;
import org.postgresql.core.Tuple;

/** The answer to one statement of a pipeline. Confined to the thread of its session. */
public final class Answer {

    private final BaseConnection driver;
    private final Field[] fields;
    private final List<Tuple> tuples;

    Answer(BaseConnection driver, Field[] fields, List<Tuple> tuples) {
        this.driver = driver;
        this.fields = fields;
        this.tuples = tuples;
    }

    /** Returns the columns; none if the statement has no result. */
    public Field[] fields() {
        return fields;
    }

    /** Uses the rows. */
    public <T> T read(Session.RowReader<T> reader) throws SQLException {
        try (Statement statement = driver.createStatement();
                ResultSet rows = statement.unwrap(BaseStatement.class).createDriverResultSet(fields, tuples)) {
            return reader.read(rows);
        }
    }
}
