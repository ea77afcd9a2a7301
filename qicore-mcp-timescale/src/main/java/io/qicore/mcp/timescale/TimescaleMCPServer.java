package io.qicore.mcp.timescale;

import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.Pools;
import io.qicore.mcp.timescale.internal.db.RoleGuard;
import io.qicore.mcp.timescale.internal.hypertable.AddPolicyTool;
import io.qicore.mcp.timescale.internal.hypertable.AggregateTools;
import io.qicore.mcp.timescale.internal.hypertable.ChunkTools;
import io.qicore.mcp.timescale.internal.hypertable.ColumnstoreTool;
import io.qicore.mcp.timescale.internal.hypertable.CreateHypertableTool;
import io.qicore.mcp.timescale.internal.hypertable.DescribeHypertableTool;
import io.qicore.mcp.timescale.internal.hypertable.DropChunksTool;
import io.qicore.mcp.timescale.internal.hypertable.JobTools;
import io.qicore.mcp.timescale.internal.hypertable.ListHypertablesTool;
import io.qicore.mcp.timescale.internal.hypertable.PolicyTools;
import io.qicore.mcp.timescale.internal.operations.CancelQueryTool;
import io.qicore.mcp.timescale.internal.operations.HealthTool;
import io.qicore.mcp.timescale.internal.operations.TopQueriesTool;
import io.qicore.mcp.timescale.internal.series.CandlesticksTool;
import io.qicore.mcp.timescale.internal.series.IngestHealthTool;
import io.qicore.mcp.timescale.internal.series.LatestTool;
import io.qicore.mcp.timescale.internal.series.TimeBucketsTool;
import io.qicore.mcp.timescale.internal.tool.Confirmation;
import io.qicore.mcp.timescale.internal.tool.CreateTableTool;
import io.qicore.mcp.timescale.internal.tool.DescribeTableTool;
import io.qicore.mcp.timescale.internal.tool.ExplainTool;
import io.qicore.mcp.timescale.internal.tool.ListSchemasTool;
import io.qicore.mcp.timescale.internal.tool.ListTablesTool;
import io.qicore.mcp.timescale.internal.tool.QueryTool;
import io.qicore.mcp.timescale.internal.tool.TableResources;
import io.qicore.mcp.timescale.internal.tool.ToolGroup;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents explore, query and look after a TimescaleDB or PostgreSQL database (14 or later).
 *
 * <pre>{@code
 * var server = new TimescaleMCPServer(applicationDataSource);
 * server.addTransport(HttpTransport.onPort(8082));
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
        this(Objects.requireNonNull(dataSource), null, options);
    }

    /** With a pool of its own, from {@link #initialize()} to {@link #cleanup()}. */
    public TimescaleMCPServer(TimescaleConnection connection) {
        this(connection, TimescaleOptions.DEFAULTS);
    }

    /** With a pool of its own, from {@link #initialize()} to {@link #cleanup()}. */
    public TimescaleMCPServer(TimescaleConnection connection, TimescaleOptions options) {
        this(null, Objects.requireNonNull(connection), options);
    }

    private TimescaleMCPServer(
            @Nullable DataSource applicationDataSource,
            @Nullable TimescaleConnection connection,
            TimescaleOptions options) {
        super(new ServerInfo(NAME, version(), "TimescaleDB", INSTRUCTIONS));
        this.applicationDataSource = applicationDataSource;
        this.connection = connection;
        Database database = new Database(this::dataSource);
        this.tools = tools(database, options);
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

    private static List<MCPTool> tools(Database database, TimescaleOptions options) {
        boolean writes = options.writesEnabled();
        Confirmation confirmation = new Confirmation(options.confirmation());
        List<ToolGroup> groups = new ArrayList<>();
        groups.add(new ListSchemasTool(database));
        groups.add(new ListTablesTool(database));
        groups.add(new DescribeTableTool(database));
        groups.add(new QueryTool(database));
        groups.add(new ExplainTool(database));
        groups.add(new CandlesticksTool(database));
        groups.add(new TimeBucketsTool(database));
        groups.add(new LatestTool(database));
        groups.add(new IngestHealthTool(database));
        groups.add(new ListHypertablesTool(database));
        groups.add(new DescribeHypertableTool(database));
        groups.add(new ChunkTools(database, writes));
        groups.add(new PolicyTools(database, writes));
        groups.add(new JobTools(database, confirmation, writes));
        groups.add(new HealthTool(database));
        groups.add(new TopQueriesTool(database));
        if (writes) {
            groups.add(new CreateTableTool(database));
            groups.add(new CreateHypertableTool(database));
            groups.add(new ColumnstoreTool(database));
            groups.add(new AddPolicyTool(database, confirmation));
            groups.add(new AggregateTools(database));
            groups.add(new DropChunksTool(database, confirmation));
            groups.add(new CancelQueryTool(database, confirmation));
        }
        return groups.stream().flatMap(group -> group.tools().stream()).toList();
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
