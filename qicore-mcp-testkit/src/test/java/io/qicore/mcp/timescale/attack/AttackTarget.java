package io.qicore.mcp.timescale.attack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** A database to be attacked. */
interface AttackTarget extends AutoCloseable {

    /** Who the server logs in as. */
    enum Role {
        SUPERUSER,
        READER
    }

    /** What it is, for the report. */
    String name();

    /** What a server is given; has at most one session. */
    DataSource source(Role role);

    /** Runs statements beside the server, as superuser. */
    void execute(List<String> statements) throws SQLException;

    /** What an attack could have changed in the session of the source, as one text. */
    String session(Role role) throws Exception;

    /** Everything else that it could have changed, as one text. */
    String world() throws Exception;

    /** A folder of the machine of the database in which it may write. */
    Path writableFolder();

    /** Whether a statement can be ended by a deadline there. */
    boolean endsStatements();

    /** Whether it has TimescaleDB. */
    boolean hasTimescale();

    @Override
    void close() throws IOException, SQLException;
}
