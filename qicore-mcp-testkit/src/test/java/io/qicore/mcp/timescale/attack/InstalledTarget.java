package io.qicore.mcp.timescale.attack;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that runs already, such as that of a Linux distribution, with a superuser {@code postgres}. */
final class InstalledTarget implements AttackTarget {

    private final Connection beside;
    private final Map<Role, HikariDataSource> sources = new EnumMap<>(Role.class);

    InstalledTarget(String url) throws SQLException {
        beside = DriverManager.getConnection(url, "postgres", "postgres");
        execute(Fixture.COMMON);
        execute(Fixture.chain());
        for (Role role : Role.values()) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setUsername(role == Role.READER ? "reader" : "postgres");
            config.setPassword("reader");
            config.setMaximumPoolSize(1);
            sources.put(role, new HikariDataSource(config));
        }
    }

    @Override
    public String name() {
        return "installed PostgreSQL";
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
            return String.valueOf(AttackTarget.rows(its, Fingerprint.SESSION));
        }
    }

    @Override
    public String world() throws Exception {
        return String.valueOf(rows(Fingerprint.DATABASE).get(0).get(0));
    }

    @Override
    public Path writableFolder() {
        return Path.of("/tmp");
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
    public void close() throws SQLException {
        beside.close();
        sources.values().forEach(HikariDataSource::close);
    }
}
