package io.qicore.mcp.timescale.access;

import io.qicore.mcp.host.Settings;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPTool;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a TimescaleDB server: what agents may do, how the database role is checked at the start, and the settings
 * that every MCP server has.
 *
 * <pre>{@code
 * var options = TimescaleOptions.builder()
 *         .policy(TimescalePolicy.builder().readOnly(true).build())
 *         .roleCheck(RoleCheckMode.REFUSE)
 *         .server(ServerSettings.builder().transport(HttpTransport.onPort(8082)).build())
 *         .build();
 * var server = new TimescaleMCPServer(dataSource, options);
 * }</pre>
 *
 * <p>Immutable and thread-safe. Options whose {@link #server()} has transports belong to one server.
 */
public final class TimescaleOptions {

    /** The default of {@link #maxTimeout()}: 60 seconds. */
    public static final Duration DEFAULT_MAX_TIMEOUT = Duration.ofSeconds(60);

    private static final TimescaleOptions DEFAULTS = builder().build();

    private final TimescalePolicy policy;
    private final RoleCheckMode roleCheck;
    private final @Nullable String readRole;
    private final Duration maxTimeout;
    private final ServerSettings server;

    private TimescaleOptions(Builder builder) {
        this.policy = builder.policy;
        this.roleCheck = builder.roleCheck;
        this.readRole = builder.readRole;
        this.maxTimeout = builder.maxTimeout;
        this.server = builder.server;
    }

    /**
     * Returns the default options: {@link TimescalePolicy#defaults()}, {@link RoleCheckMode#REFUSE},
     * {@link #DEFAULT_MAX_TIMEOUT} and {@link ServerSettings#defaults()}.
     */
    public static TimescaleOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the policy, the roles and the longest timeout from settings. The settings of the server are the defaults; add others with
     * {@link #toBuilder()}.
     *
     * @param settings read with {@link TimescaleSettings#table()}, or with a table that includes it
     */
    public static TimescaleOptions from(Settings settings) {
        Builder builder = builder()
                .policy(TimescalePolicy.from(settings))
                .roleCheck(settings.get(TimescaleSettings.ROLE_CHECK))
                .maxTimeout(settings.get(TimescaleSettings.MAX_TIMEOUT));
        settings.find(TimescaleSettings.READ_ROLE).ifPresent(builder::readRole);
        return builder.build();
    }

    /** Returns a builder that starts from these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.policy = policy;
        builder.roleCheck = roleCheck;
        builder.readRole = readRole;
        builder.maxTimeout = maxTimeout;
        builder.server = server;
        return builder;
    }

    /** Returns what agents may do. */
    public TimescalePolicy policy() {
        return policy;
    }

    /** Returns what the server does at its start if the database role has too many or too few privileges. */
    public RoleCheckMode roleCheck() {
        return roleCheck;
    }

    /**
     * Returns the role as which statements of agents read, if one is set. Otherwise they read as {@code pg_read_all_data}
     * if the login role can take it (PostgreSQL 14 or later), else as the login role.
     */
    public Optional<String> readRole() {
        return Optional.ofNullable(readRole);
    }

    /** Returns the longest time that an agent may give a statement, if it is longer than the call timeout. */
    public Duration maxTimeout() {
        return maxTimeout;
    }

    /** Returns the settings that every MCP server has: limits, transports and the state key. */
    public ServerSettings server() {
        return server;
    }

    @Override
    public String toString() {
        return "TimescaleOptions[" + policy + ", roleCheck=" + roleCheck
                + (readRole == null ? "" : ", readRole=" + readRole) + ", maxTimeout=" + maxTimeout + ", " + server
                + "]";
    }

    /** Builds {@link TimescaleOptions}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private TimescalePolicy policy = TimescalePolicy.defaults();
        private RoleCheckMode roleCheck = RoleCheckMode.REFUSE;
        private @Nullable String readRole;
        private Duration maxTimeout = DEFAULT_MAX_TIMEOUT;
        private ServerSettings server = ServerSettings.defaults();

        private Builder() {}

        /** Sets what agents may do. Default: {@link TimescalePolicy#defaults()}. */
        public Builder policy(TimescalePolicy policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets what the server does at its start if the database role has too many or too few privileges. Default:
         * {@link RoleCheckMode#REFUSE}.
         */
        public Builder roleCheck(RoleCheckMode mode) {
            this.roleCheck = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Sets the role as which statements of agents read. The login role must be a member of it. Default:
         * {@code pg_read_all_data} if the login role can take it, else the login role.
         *
         * @throws IllegalArgumentException if the name is blank
         */
        public Builder readRole(String role) {
            if (role.isBlank()) {
                throw new IllegalArgumentException("readRole must be the name of a role.");
            }
            this.readRole = role;
            return this;
        }

        /**
         * Sets the longest time that an agent may give a statement of {@code query} or {@code explain_query}. Default:
         * {@link #DEFAULT_MAX_TIMEOUT}.
         *
         * @throws IllegalArgumentException if it is not positive or is longer than {@link MCPTool#MAX_TIMEOUT}
         */
        public Builder maxTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MCPTool.MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException("maxTimeout must be longer than zero and at most "
                        + MCPTool.MAX_TIMEOUT + ", not " + timeout + ".");
            }
            this.maxTimeout = timeout;
            return this;
        }

        /** Sets the settings that every MCP server has. Default: {@link ServerSettings#defaults()}. */
        public Builder server(ServerSettings settings) {
            this.server = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** Returns the options. */
        public TimescaleOptions build() {
            return new TimescaleOptions(this);
        }
    }
}
