package io.qicore.mcp.timescale.access;

import io.qicore.mcp.host.Settings;
import io.qicore.mcp.server.ServerSettings;
import java.util.Objects;

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

    private static final TimescaleOptions DEFAULTS = builder().build();

    private final TimescalePolicy policy;
    private final RoleCheckMode roleCheck;
    private final ServerSettings server;

    private TimescaleOptions(Builder builder) {
        this.policy = builder.policy;
        this.roleCheck = builder.roleCheck;
        this.server = builder.server;
    }

    /**
     * Returns the default options: {@link TimescalePolicy#defaults()}, {@link RoleCheckMode#WARN} and
     * {@link ServerSettings#defaults()}.
     */
    public static TimescaleOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the policy and the role check from settings. The settings of the server are the defaults; add others with
     * {@link #toBuilder()}.
     *
     * @param settings read with {@link TimescaleSettings#table()}, or with a table that includes it
     */
    public static TimescaleOptions from(Settings settings) {
        return builder()
                .policy(TimescalePolicy.from(settings))
                .roleCheck(settings.get(TimescaleSettings.ROLE_CHECK))
                .build();
    }

    /** Returns a builder that starts from these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.policy = policy;
        builder.roleCheck = roleCheck;
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

    /** Returns the settings that every MCP server has: limits, transports and the state key. */
    public ServerSettings server() {
        return server;
    }

    @Override
    public String toString() {
        return "TimescaleOptions[" + policy + ", roleCheck=" + roleCheck + ", " + server + "]";
    }

    /** Builds {@link TimescaleOptions}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private TimescalePolicy policy = TimescalePolicy.defaults();
        private RoleCheckMode roleCheck = RoleCheckMode.WARN;
        private ServerSettings server = ServerSettings.defaults();

        private Builder() {}

        /** Sets what agents may do. Default: {@link TimescalePolicy#defaults()}. */
        public Builder policy(TimescalePolicy policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets what the server does at its start if the database role has too many or too few privileges. Default:
         * {@link RoleCheckMode#WARN}.
         */
        public Builder roleCheck(RoleCheckMode mode) {
            this.roleCheck = Objects.requireNonNull(mode, "mode");
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
