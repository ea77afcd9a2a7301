package io.qicore.mcp.timescale.internal.role;

import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the roles of a server: the login role, as which it changes things, and the role as which statements of agents
 * read. Refuses only what could do harm; everything else is logged. Thread-safe.
 */
public final class RoleGuard {

    private static final Logger log = LoggerFactory.getLogger(RoleGuard.class);
    private static final String ROLE = "role";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Database database;
    private final RoleCheckMode mode;
    private final boolean writes;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean checked;

    /**
     * Creates a guard.
     *
     * @param database without a check of its own
     * @param writes whether the server has tools that create and change tables
     */
    public RoleGuard(Database database, RoleCheckMode mode, boolean writes) {
        this.database = database;
        this.mode = mode;
        this.writes = writes;
        this.checked = mode == RoleCheckMode.OFF;
    }

    /**
     * Checks the roles when the server starts. If the database cannot be reached, {@link #require()} does it.
     *
     * @throws IllegalStateException if a role is refused; the message has the SQL that corrects it
     */
    public void check() {
        try {
            require();
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.NOT_AUTHORIZED) && e.context().containsKey(ROLE)) {
                throw new IllegalStateException(e.getMessage(), e);
            }
            log.info("The database role will be checked before the first call: {}", e.getMessage());
        }
    }

    /**
     * Checks the roles unless they have been checked, so that a database that could not be reached when the server
     * started is not used before.
     *
     * @throws MCPToolError if a role is refused, or cannot be checked in mode {@link RoleCheckMode#REFUSE}
     */
    public void require() {
        if (checked) {
            return;
        }
        lock.lock();
        try {
            if (!checked) {
                checkNow();
                checked = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void checkNow() {
        RoleCheck.Verdict login = database.observe(context(), session -> RoleCheck.of(session, writes));
        RoleCheck.Verdict reader = reader();
        boolean configured = database.readRole().isPresent();
        if (configured && !reader.tooMuch().isEmpty()) {
            refuse(reader.toString());
        }
        if (configured || !reader.role().equals(login.role())) {
            log.info("Statements of agents read as role '{}'.", reader.role());
        } else if (!login.tooMuch().isEmpty()) {
            refuse(login.toString());
            return;
        }
        if (login.isRight()) {
            log.info("{}", login);
        } else {
            log.warn("{}", login);
        }
    }

    /** Checks the role for reading, which the login role may not be able to take. */
    private RoleCheck.Verdict reader() {
        try {
            return database.read(context(), session -> RoleCheck.of(session, false));
        } catch (MCPToolError e) {
            if (e.is(TimescaleErrorCode.DATABASE_UNAVAILABLE)
                    || database.readRole().isEmpty()) {
                throw e;
            }
            String role = database.readRole().get();
            throw refused("The database role '" + role + "' of TIMESCALE_READ_ROLE cannot be taken: " + e.getMessage()
                    + " An administrator allows it with: GRANT \"" + role.replace("\"", "\"\"")
                    + "\" TO the server's user;");
        }
    }

    private void refuse(String verdict) {
        if (mode != RoleCheckMode.REFUSE) {
            log.warn("{}", verdict);
            return;
        }
        throw refused(verdict + " To start with this role, set TIMESCALE_ROLE_CHECK=warn.");
    }

    private static MCPToolError refused(String message) {
        return new MCPToolError(StandardErrorCode.NOT_AUTHORIZED, message, Map.of(ROLE, "refused"));
    }

    private static RequestContext context() {
        return RequestContext.ofTimeout(PATIENCE);
    }
}
