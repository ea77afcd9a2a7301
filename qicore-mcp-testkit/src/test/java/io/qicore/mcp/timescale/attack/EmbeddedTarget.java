package io.qicore.mcp.timescale.attack;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qicore.mcp.testkit.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A plain PostgreSQL, whose files and network connections the test can observe. */
final class EmbeddedTarget implements AttackTarget {

    /** Folders of the server whose content changes without an attack. */
    private static final Set<String> BUSY = Set.of(
            "base",
            "global",
            "pg_wal",
            "pg_xact",
            "pg_subtrans",
            "pg_multixact",
            "pg_stat",
            "pg_stat_tmp",
            "pg_logical",
            "pg_notify");

    private final EmbeddedPostgres postgres =
            EmbeddedPostgres.builder().setting("fsync", "off").start();
    private final Path folder;
    private final Path data;
    private final ServerSocket elsewhere;
    private final Connection beside;
    private final Map<Role, HikariDataSource> sources = new EnumMap<>(Role.class);

    EmbeddedTarget() throws Exception {
        folder = Files.createTempDirectory("qicore-attack-");
        // The server runs as another user and must be able to write to the folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(folder.resolve("secret"), Fixture.SECRET + "\n");
        Files.setPosixFilePermissions(folder.resolve("secret"), PosixFilePermissions.fromString("rw-r--r--"));
        elsewhere = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        elsewhere.setSoTimeout(1);
        beside = postgres.dataSource().getConnection();
        execute(Fixture.COMMON);
        execute(Fixture.chain());
        execute(Fixture.waysOut(
                elsewhere.getLocalPort(), folder.resolve("secret").toString()));
        data = Path.of(fetch(beside, "SHOW data_directory"));
        for (Role role : Role.values()) {
            sources.put(role, pool(user(role)));
        }
    }

    private HikariDataSource pool(String user) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(user);
        config.setPassword(user);
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    /** Returns the name of a user, which is the password, too. */
    String user(Role role) {
        return role == Role.SUPERUSER ? postgres.username() : "reader";
    }

    String jdbcUrl() {
        return postgres.jdbcUrl();
    }

    int port() {
        return elsewhere.getLocalPort();
    }

    @Override
    public String name() {
        return "embedded PostgreSQL";
    }

    @Override
    public DataSource source(Role role) {
        return sources.get(role);
    }

    @Override
    public void execute(List<String> statements) throws SQLException {
        try (Statement statement = beside.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public List<List<@Nullable String>> rows(String sql) throws SQLException {
        return AttackTarget.rows(beside, sql);
    }

    @Override
    public String session(Role role) throws Exception {
        try (Connection its = source(role).getConnection()) {
            return fetch(its, Fingerprint.SESSION);
        }
    }

    @Override
    public String world() throws Exception {
        return fetch(beside, Fingerprint.DATABASE) + "\nfiles " + files() + "\nvisitors " + visitors();
    }

    private static String fetch(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    /** Returns names and sizes of the files in the test's folder and in the server's, except in the busy folders. */
    private String files() throws IOException {
        try (Stream<Path> own = Files.walk(folder);
                Stream<Path> servers = Files.list(data)) {
            Stream<Path> quiet =
                    servers.filter(path -> !BUSY.contains(path.getFileName().toString()));
            return Stream.concat(own, quiet.flatMap(EmbeddedTarget::walk))
                    .map(path -> path + ":"
                            + (Files.isRegularFile(path) ? path.toFile().length() : 0))
                    .sorted()
                    .collect(Collectors.joining(","));
        }
    }

    private static Stream<Path> walk(Path path) {
        try (Stream<Path> below = Files.walk(path)) {
            return below.toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the number of connections to the test's port since the last call. */
    private int visitors() throws IOException {
        int count = 0;
        while (true) {
            try {
                elsewhere.accept().close();
                count++;
            } catch (SocketTimeoutException nobody) {
                return count;
            }
        }
    }

    @Override
    public Path writableFolder() {
        return folder;
    }

    @Override
    public boolean endsStatements() {
        return true;
    }

    @Override
    public boolean hasTimescale() {
        return false;
    }

    @Override
    public void close() throws IOException, SQLException {
        beside.close();
        sources.values().forEach(HikariDataSource::close);
        postgres.close();
        elsewhere.close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
