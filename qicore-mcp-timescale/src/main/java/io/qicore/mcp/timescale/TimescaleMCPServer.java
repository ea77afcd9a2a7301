package io.qicore.mcp.timescale;

import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.internal.TimescaleTools;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Pools;
import io.qicore.mcp.timescale.internal.role.RoleGuard;
import io.qicore.mcp.timescale.internal.schema.TableResources;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents explore, query and look after a TimescaleDB or PostgreSQL database (14 or later).
 *
 * <pre>{@code
 * var server = new TimescaleMCPServer(
 *         applicationDataSource,
 *         TimescaleOptions.DEFAULTS,
 *         ServerSettings.builder().transport(HttpTransport.onPort(8082)).build());
 * server.start();
 * }</pre>
 *
 * <p>{@code query} takes one reading statement, runs it as a subquery in a read-only transaction that is always rolled
 * back, and refuses functions that reach beyond that. The database role is the boundary that remains: give this server
 * one that may read what agents may see, and no superuser.
 *
 * <p>Every statement is bounded by the deadline of its call, in the database, too. Needs the PostgreSQL JDBC driver
 * under the data source. Stateless: holds the data source or a pool, and nothing else. Thread-safe.
 */
public final class TimescaleMCPServer extends StatelessMCPServer {

    /** The name under which agents find this server. */
    public static final String NAME = "timescale-mcp-server";

    private static final String INSTRUCTIONS = "Start with list_tables and describe_table. query runs one read-only SQL"
            + " statement; aggregate in SQL, bound the time column of large tables and pass values as :named parameters."
            + " All times are UTC.";

    private final @Nullable DataSource applicationDataSource;
    private final @Nullable TimescaleConnection connection;
    private final List<MCPTool> tools;
    private final List<MCPResource> resources;
    private final RoleGuard roleGuard;
    private volatile @Nullable HikariDataSource pool;

    /** On the data source of an application, which stays open when this server is closed. */
    public TimescaleMCPServer(DataSource dataSource) {
        this(dataSource, TimescaleOptions.DEFAULTS);
    }

    /** On the data source of an application, which stays open when this server is closed. */
    public TimescaleMCPServer(DataSource dataSource, TimescaleOptions options) {
        this(dataSource, options, ServerSettings.defaults());
    }

    /** The same with settings of the server: limits and transports. */
    public TimescaleMCPServer(DataSource dataSource, TimescaleOptions options, ServerSettings settings) {
        this(Objects.requireNonNull(dataSource), null, options, settings);
    }

    /** With a pool of its own, from {@link #initialize()} to {@link #cleanup()}. */
    public TimescaleMCPServer(TimescaleConnection connection) {
        this(connection, TimescaleOptions.DEFAULTS);
    }

    /** With a pool of its own, from {@link #initialize()} to {@link #cleanup()}. */
    public TimescaleMCPServer(TimescaleConnection connection, TimescaleOptions options) {
        this(connection, options, ServerSettings.defaults());
    }

    /** The same with settings of the server: limits and transports. */
    public TimescaleMCPServer(TimescaleConnection connection, TimescaleOptions options, ServerSettings settings) {
        this(null, Objects.requireNonNull(connection), options, settings);
    }

    private TimescaleMCPServer(
            @Nullable DataSource applicationDataSource,
            @Nullable TimescaleConnection connection,
            TimescaleOptions options,
            ServerSettings settings) {
        super(new ServerInfo(NAME, version(), "TimescaleDB", INSTRUCTIONS), settings);
        this.applicationDataSource = applicationDataSource;
        this.connection = connection;
        Database database = new Database(this::dataSource);
        this.tools = TimescaleTools.of(database, options);
        this.resources = new TableResources(database).resources();
        this.roleGuard = new RoleGuard(database, options.roleCheck(), options.writesEnabled());
    }

    @Override
    public List<MCPTool> tools() {
        return tools;
    }

    /** The descriptions of tables, {@code timescale://tables/{schema}.{table}}. */
    @Override
    public List<MCPResource> resources() {
        return resources;
    }

    /**
     * Makes the pool, if it is this server's own, and checks the database role. A database that is down does not keep
     * the server from starting, unless {@link RoleCheckMode#REFUSE} was asked for.
     *
     * @throws IllegalStateException if the role is refused
     */
    @Override
    protected void connect() {
        if (connection != null && pool == null) {
            pool = Pools.open(connection);
        }
        try {
            roleGuard.check();
        } catch (IllegalStateException e) {
            disconnect();
            throw e;
        }
    }

    /** Closes the pool, if it is this server's own. */
    @Override
    protected void disconnect() {
        HikariDataSource current = pool;
        pool = null;
        if (current != null) {
            current.close();
        }
    }

    private DataSource dataSource() {
        DataSource current = applicationDataSource != null ? applicationDataSource : pool;
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
