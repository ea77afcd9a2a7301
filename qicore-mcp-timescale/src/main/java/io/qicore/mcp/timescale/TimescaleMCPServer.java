package io.qicore.mcp.timescale;

import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.internal.TimescaleTools;
import io.qicore.mcp.timescale.internal.connect.Confinement;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Pools;
import io.qicore.mcp.timescale.internal.connect.PreparedStatements;
import io.qicore.mcp.timescale.internal.role.RoleGuard;
import io.qicore.mcp.timescale.internal.schema.TableResources;
import io.qicore.mcp.timescale.internal.url.ConnectionUrl;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * An MCP server through which agents explore, query and operate a TimescaleDB or PostgreSQL database (PostgreSQL 14 or
 * later).
 *
 * <pre>{@code
 * var options = TimescaleOptions.builder()
 *         .server(ServerSettings.builder().transport(HttpTransport.onPort(8082)).build())
 *         .build();
 * var server = new TimescaleMCPServer(applicationDataSource, options);
 * server.start();
 * }</pre>
 *
 * <p>The tool {@code query} takes one statement that reads, runs it as a subquery in a read-only transaction, which is
 * always rolled back, and allows only functions and relations that are known to only read data. In addition, the transaction
 * runs as a role that only reads, {@link TimescaleOptions#readRole()}, if the server's user can take one: set a role that may
 * read what agents may see.
 *
 * <p>The deadline of a call also limits its statements in the database. The data source must use the PostgreSQL JDBC
 * driver. Stateless: a server holds the data source or a pool, and nothing else. Thread-safe.
 */
public final class TimescaleMCPServer extends StatelessMCPServer {

    /** The name of the server, as agents see it. */
    public static final String NAME = "timescale-mcp-server";

    private static final String INSTRUCTIONS = "Start with list_tables and describe_table. query runs one read-only SQL"
            + " statement; aggregate in SQL, bound the time column of large tables and pass values as :named parameters."
            + " Times are UTC, except where a tool takes a timezone.";

    private final @Nullable DataSource applicationDataSource;
    private final @Nullable TimescaleConnection connection;
    private final List<MCPTool> tools;
    private final List<MCPResource> resources;
    private final RoleGuard roleGuard;
    private volatile @Nullable HikariDataSource pool;
    private volatile @Nullable HikariDataSource poolForLong;

    /** Creates a server with default options that uses the data source of an application. */
    public TimescaleMCPServer(DataSource dataSource) {
        this(dataSource, TimescaleOptions.defaults());
    }

    /** Creates a server that uses the data source of an application, which stays open when the server is closed. */
    public TimescaleMCPServer(DataSource dataSource, TimescaleOptions options) {
        this(Objects.requireNonNull(dataSource, "dataSource"), null, options);
    }

    /** Creates a server with default options and a connection pool of its own. */
    public TimescaleMCPServer(TimescaleConnection connection) {
        this(connection, TimescaleOptions.defaults());
    }

    /** Creates a server with a connection pool of its own, which is open while the server is initialized. */
    public TimescaleMCPServer(TimescaleConnection connection, TimescaleOptions options) {
        this(null, Objects.requireNonNull(connection, "connection"), options);
    }

    private TimescaleMCPServer(
            @Nullable DataSource applicationDataSource,
            @Nullable TimescaleConnection connection,
            TimescaleOptions options) {
        super(new ServerInfo(NAME, version(), "TimescaleDB", INSTRUCTIONS), options.server());
        this.applicationDataSource = applicationDataSource;
        this.connection = connection;
        Confinement confinement = new Confinement(
                options.readRole().orElse(null), options.policy().trustsObjects());
        // The sessions of an application's pool are the application's, too.
        PreparedStatements prepared =
                connection != null && mayPrepare(connection.url()) ? new PreparedStatements() : null;
        Database database = new Database(this::checkedSource, confinement, prepared);
        Database forLong = new Database(this::sourceForLong, confinement, prepared);
        this.tools = TimescaleTools.of(database, forLong, options);
        this.resources = new TableResources(database).resources();
        this.roleGuard = new RoleGuard(
                new Database(this::dataSource, confinement, null),
                options.roleCheck(),
                tools.stream().anyMatch(tool -> !tool.annotations().readOnlyHint()));
    }

    /** Returns whether the URL does not have {@code prepareThreshold=0}, as it needs where sessions are shared. */
    private static boolean mayPrepare(String url) {
        return !"0"
                .equals(PGProperty.PREPARE_THRESHOLD.getOrNull(
                        ConnectionUrl.parse(url).properties(new Properties())));
    }

    @Override
    public List<MCPTool> tools() {
        return tools;
    }

    /** Returns the descriptions of tables, {@code timescale://tables/{schema}.{table}}. */
    @Override
    public List<MCPResource> resources() {
        return resources;
    }

    /** Reads the skills {@code design-hypertable} and {@code find-slow-queries}. */
    @Override
    public List<MCPSkill> skills() {
        return Stream.of("design-hypertable", "find-slow-queries")
                .map(name -> MCPSkill.fromClasspath(TimescaleMCPServer.class, "timescale/" + name))
                .toList();
    }

    /**
     * Opens the pool, if the server has its own, and checks the database role. A database that cannot be reached does not
     * keep the server from starting; then the role is checked before the first call.
     *
     * @throws IllegalStateException if the role is refused, see {@link RoleCheckMode#REFUSE}
     */
    @Override
    protected void connect() {
        if (connection != null && pool == null) {
            pool = Pools.open(connection);
            poolForLong = Pools.openForLong(connection);
        }
        try {
            roleGuard.check();
        } catch (IllegalStateException e) {
            disconnect();
            throw e;
        }
    }

    /** Closes the pool, if the server has its own. */
    @Override
    protected void disconnect() {
        HikariDataSource current = pool;
        HikariDataSource forLong = poolForLong;
        pool = null;
        poolForLong = null;
        if (current != null) {
            current.close();
        }
        if (forLong != null) {
            forLong.close();
        }
    }

    private DataSource checkedSource() {
        roleGuard.require();
        return dataSource();
    }

    /** Returns what long statements use, so that they leave the pool to the others. */
    private DataSource sourceForLong() {
        roleGuard.require();
        return applicationDataSource != null ? applicationDataSource : connected(poolForLong);
    }

    private DataSource dataSource() {
        return applicationDataSource != null ? applicationDataSource : connected(pool);
    }

    private static DataSource connected(@Nullable DataSource current) {
        if (current == null) {
            throw new IllegalStateException(NAME + " is not connected: call initialize() first.");
        }
        return current;
    }

    private static String version() {
        String version = TimescaleMCPServer.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }
}
