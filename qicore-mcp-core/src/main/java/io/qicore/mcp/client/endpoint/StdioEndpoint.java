package io.qicore.mcp.client.endpoint;

import io.qicore.mcp.internal.concurrent.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server that the client starts as a child process and talks to on its standard input and output. The process starts at the
 * first call, and again at the next call if it has ended. What it writes to its standard error goes to the log
 * {@code io.qicore.mcp.client.stdio}, at level INFO. Immutable.
 *
 * <p>The command runs with the rights of this process: never take it from an agent's or a server's input.
 *
 * <pre>{@code
 * StdioEndpoint.of("npx", "-y", "@modelcontextprotocol/server-everything").withVariable("LOG_LEVEL", "debug")
 * }</pre>
 */
public final class StdioEndpoint implements ServerEndpoint {

    /** The default of {@link #withProbeTimeout}: 5 seconds. */
    public static final Duration DEFAULT_PROBE_TIMEOUT = Duration.ofSeconds(5);

    /** The default of {@link #withShutdownTimeout}: 2 seconds. */
    public static final Duration DEFAULT_SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

    /** The variables without secrets that programs commonly need. */
    private static final Set<String> COMMON = Set.of(
            // Unix
            "HOME",
            "LANG",
            "LC_ALL",
            "LOGNAME",
            "PATH",
            "SHELL",
            "TERM",
            "TMPDIR",
            "TZ",
            "USER",
            "JAVA_HOME",
            // Windows
            "APPDATA",
            "COMSPEC",
            "HOMEDRIVE",
            "HOMEPATH",
            "LOCALAPPDATA",
            "PATHEXT",
            "PROCESSOR_ARCHITECTURE",
            "PROGRAMFILES",
            "SYSTEMDRIVE",
            "SYSTEMROOT",
            "TEMP",
            "TMP",
            "USERNAME",
            "USERPROFILE",
            "WINDIR");

    private final List<String> command;
    private final Map<String, String> variables;
    private final boolean inherits;
    private final @Nullable Path directory;
    private final Duration probeTimeout;
    private final Duration shutdownTimeout;
    private final int maxMessageBytes;

    private StdioEndpoint(
            List<String> command,
            Map<String, String> variables,
            boolean inherits,
            @Nullable Path directory,
            Duration probeTimeout,
            Duration shutdownTimeout,
            int maxMessageBytes) {
        this.command = command;
        this.variables = variables;
        this.inherits = inherits;
        this.directory = directory;
        this.probeTimeout = probeTimeout;
        this.shutdownTimeout = shutdownTimeout;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Returns the endpoint of a program, which is started without a shell.
     *
     * @param program the name or path of the program
     * @param arguments its arguments, one by one
     */
    public static StdioEndpoint of(String program, String... arguments) {
        Objects.requireNonNull(program, "program");
        List<String> command = new java.util.ArrayList<>();
        command.add(program);
        command.addAll(List.of(arguments));
        return new StdioEndpoint(
                List.copyOf(command),
                Map.of(),
                false,
                null,
                DEFAULT_PROBE_TIMEOUT,
                DEFAULT_SHUTDOWN_TIMEOUT,
                MessageLimit.DEFAULT);
    }

    /**
     * Returns a copy with one more environment variable. By default the program gets only those of this process that programs
     * commonly need and that have no secrets, such as {@code PATH} and {@code HOME}.
     */
    public StdioEndpoint withVariable(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Map<String, String> more = new LinkedHashMap<>(variables);
        more.put(name, value);
        return new StdioEndpoint(
                command, Map.copyOf(more), inherits, directory, probeTimeout, shutdownTimeout, maxMessageBytes);
    }

    /** Returns a copy whose program gets all environment variables of this process, also those with secrets. */
    public StdioEndpoint withAllVariables() {
        return new StdioEndpoint(command, variables, true, directory, probeTimeout, shutdownTimeout, maxMessageBytes);
    }

    /** Returns a copy with the working directory of the program. Default: that of this process. */
    public StdioEndpoint withDirectory(Path folder) {
        return new StdioEndpoint(
                command,
                variables,
                inherits,
                Objects.requireNonNull(folder, "folder"),
                probeTimeout,
                shutdownTimeout,
                maxMessageBytes);
    }

    /**
     * Returns a copy with another limit of the time in which a server answers {@code server/discover}. A server that is silent
     * for longer is taken for one of an older revision, which may not answer what it does not know. It includes the start of the
     * program. Default: {@link #DEFAULT_PROBE_TIMEOUT}.
     *
     * @throws IllegalArgumentException if it is not positive or longer than 24 hours
     */
    public StdioEndpoint withProbeTimeout(Duration timeout) {
        return new StdioEndpoint(
                command,
                variables,
                inherits,
                directory,
                Timeouts.checked("timeout", timeout),
                shutdownTimeout,
                maxMessageBytes);
    }

    /**
     * Returns a copy with another time for the program to end after its standard input has been closed. After it, the program is
     * asked to end (SIGTERM), and killed if it has not ended after the same time again. Default:
     * {@link #DEFAULT_SHUTDOWN_TIMEOUT}.
     *
     * @throws IllegalArgumentException if it is not positive or longer than 24 hours
     */
    public StdioEndpoint withShutdownTimeout(Duration timeout) {
        return new StdioEndpoint(
                command,
                variables,
                inherits,
                directory,
                probeTimeout,
                Timeouts.checked("timeout", timeout),
                maxMessageBytes);
    }

    /**
     * Returns a copy with another limit of one message of the server. A server that sends a larger one is ended. Default: 64 MiB.
     *
     * @throws IllegalArgumentException if it is less than 1 KiB or more than 1 GiB
     */
    public StdioEndpoint withMaxMessageBytes(int bytes) {
        return new StdioEndpoint(
                command, variables, inherits, directory, probeTimeout, shutdownTimeout, MessageLimit.checked(bytes));
    }

    /** Returns the program and its arguments. */
    public List<String> command() {
        return command;
    }

    /** Returns the environment of the program, made from that of this process. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        System.getenv().forEach((name, value) -> {
            if (inherits || COMMON.contains(name.toUpperCase(java.util.Locale.ROOT))) {
                environment.put(name, value);
            }
        });
        environment.putAll(variables);
        return environment;
    }

    /** Returns the working directory of the program; null for that of this process. */
    public @Nullable Path directory() {
        return directory;
    }

    /** Returns how long a server may take to answer {@code server/discover}. */
    public Duration probeTimeout() {
        return probeTimeout;
    }

    /** Returns how long the program may take to end after its standard input has been closed. */
    public Duration shutdownTimeout() {
        return shutdownTimeout;
    }

    /** Returns the limit of one message of the server, in bytes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Returns the program without its arguments, which may contain credentials. */
    @Override
    public String toString() {
        return command.get(0);
    }
}
