package io.qicore.mcp.timescale.access;

import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.timescale.internal.url.ConnectionUrl;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the TimescaleDB server: {@code TIMESCALE_TOOLS_…} for what agents may do, and {@code TIMESCALE_…} for
 * the database.
 *
 * <pre>{@code
 * Settings settings = TimescaleSettings.table().read(System.getenv());
 * var server = new TimescaleMCPServer(TimescaleConnection.from(settings), TimescaleOptions.from(settings));
 * }</pre>
 *
 * <p>Stateless and thread-safe.
 */
public final class TimescaleSettings {

    private static final String PREFIX = "TIMESCALE_";
    private static final String TOOLS_PREFIX = "TIMESCALE_TOOLS_";

    // A URL may hold a password.
    static final Setting<String> URL = Setting.of(
                    PREFIX + "URL", "URL such as `postgresql://host:5432/database`", TimescaleSettings::url)
            .required()
            .secret()
            .describedAs(
                    "Address of the database, as `jdbc:postgresql://…` or `postgresql://…`, with any parameter of the"
                            + " PostgreSQL JDBC driver, such as `sslmode=verify-full`.");

    static final Setting<String> USER = Setting.text(PREFIX + "USER")
            .describedAs("The database user. By default that of the URL. Use one that may read what agents may see, and"
                    + " not a superuser.");

    static final Setting<String> PASSWORD = Setting.text(PREFIX + "PASSWORD")
            .secret()
            .describedAs("The password of the user. By default that of the URL.");

    static final Setting<Integer> POOL_SIZE = Setting.integer(
                    PREFIX + "POOL_SIZE", 1, TimescaleConnection.MAX_POOL_SIZE)
            .orElse(TimescaleConnection.DEFAULT_POOL_SIZE)
            .describedAs("The largest number of connections that the server holds at a time.");

    static final Setting<RoleCheckMode> ROLE_CHECK = Setting.choice(PREFIX + "ROLE_CHECK", RoleCheckMode.class)
            .orElse(RoleCheckMode.REFUSE)
            .protecting()
            .describedAs(
                    "What the server does at its start if its database role may do more than its tools need: `refuse`"
                            + " does not start unless agents read as another role, `warn` logs a warning, `off` does not check the"
                            + " role. The message has the SQL that corrects the role.");

    static final Setting<String> READ_ROLE = Setting.text(PREFIX + "READ_ROLE")
            .checked(name -> !name.isBlank(), "be the name of a role, or be removed")
            .protecting()
            .describedAs("The role as which statements of agents read. The user must be a member of it. By default"
                    + " `pg_read_all_data` if the user is a superuser or a member of it (PostgreSQL 14 or later), else the"
                    + " user itself.");

    static final Setting<Duration> MAX_TIMEOUT = Setting.duration(PREFIX + "MAX_TIMEOUT")
            .orElse(TimescaleOptions.DEFAULT_MAX_TIMEOUT)
            .checked(
                    time -> time.compareTo(MCPTool.MAX_TIMEOUT) <= 0,
                    "be at most " + MCPTool.MAX_TIMEOUT.toHours() + " hours")
            .describedAs("The longest `timeoutMs` of `query` and `explain_query`. A statement that may take longer than"
                    + " other calls has its own connections, so that it does not delay them.");

    static final Setting<Boolean> READ_ONLY = Setting.bool(TOOLS_PREFIX + "READ_ONLY")
            .orElse(false)
            .protecting("TIMESCALE_READ_ONLY", "TIMESCALE_WRITES_ENABLED")
            .describedAs("Offers only tools that change nothing. `query` is read-only in any case.");

    static final Setting<List<String>> ALLOWED = Setting.list(TOOLS_PREFIX + "ALLOWED")
            .checked(names -> !names.isEmpty(), "name at least one of the tools, or be removed")
            .protecting("TIMESCALE_ALLOWED_TOOLS")
            .describedAs("The tools that are offered, by name or pattern, such as `query,list_*`. By default all.");

    static final Setting<ConfirmationMode> CONFIRMATION = Setting.choice(
                    TOOLS_PREFIX + "CONFIRMATION", ConfirmationMode.class)
            .orElse(ConfirmationMode.DESTRUCTIVE)
            .protecting()
            .describedAs(
                    "Which changes the user confirms: those that delete something for good or cancel a statement, all"
                            + " that have a plan, or none.");

    static final Setting<List<String>> TRUSTED_OBJECTS = Setting.list(PREFIX + "TRUSTED_OBJECTS")
            .checked(names -> !names.isEmpty(), "name at least one object, or be removed")
            .describedAs(
                    "Functions, views and foreign tables that `query` may use although the server cannot tell that they"
                            + " only read, by name or pattern of `schema.name`, such as `api.*`. By default none.");

    static final Setting<List<String>> READABLE_SETTINGS = Setting.list(PREFIX + "READABLE_SETTINGS")
            .checked(names -> !names.isEmpty(), "name at least one setting, or be removed")
            .describedAs("Settings of PostgreSQL that `query` may read with `current_setting` although they could hold"
                    + " secrets, by name or pattern, such as `app.*`. By default none.");

    private static final SettingsTable TABLE = SettingsTable.builder()
            .add(
                    URL,
                    USER,
                    PASSWORD,
                    POOL_SIZE,
                    READ_ROLE,
                    ROLE_CHECK,
                    MAX_TIMEOUT,
                    READ_ONLY,
                    ALLOWED,
                    CONFIRMATION,
                    TRUSTED_OBJECTS,
                    READABLE_SETTINGS)
            .strictPrefix(TOOLS_PREFIX)
            .openPrefix(PREFIX)
            .build();

    private TimescaleSettings() {}

    /** Returns the table of the settings. Unknown keys with the prefix {@code TIMESCALE_} are reported by a warning. */
    public static SettingsTable table() {
        return TABLE;
    }

    private static String url(String text) {
        ConnectionUrl.parse(text);
        return text;
    }
}
