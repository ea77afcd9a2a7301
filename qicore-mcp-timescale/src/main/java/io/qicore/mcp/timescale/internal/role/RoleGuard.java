package io.qicore.mcp.timescale.internal.role;

import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the database role of a server at its start, and warns or refuses. Thread-safe. */
public final class RoleGuard {

    private static final Logger log = LoggerFactory.getLogger(RoleGuard.class);

    private final Database database;
    private final RoleCheckMode mode;
    private final boolean writes;

    /**
     * Creates a guard.
     *
     * @param writes whether the server has tools that create and change tables
     */
    public RoleGuard(Database database, RoleCheckMode mode, boolean writes) {
        this.database = database;
        this.mode = mode;
        this.writes = writes;
    }

    /**
     * Checks the role within a few seconds. In mode {@link RoleCheckMode#WARN} a database that cannot be reached is
     * only logged.
     *
     * @throws IllegalStateException if the role is refused or cannot be checked; the message has the SQL that corrects
     *     the role
     */
    public void check() {
        if (mode == RoleCheckMode.OFF) {
            return;
        }
        RoleCheck.Verdict verdict;
        try {
            verdict = database.observe(
                    RequestContext.ofTimeout(Duration.ofSeconds(5)), session -> RoleCheck.of(session, writes));
        } catch (MCPToolError e) {
            if (mode == RoleCheckMode.REFUSE) {
                throw new IllegalStateException(
                        "The database role could not be checked, as TIMESCALE_ROLE_CHECK=refuse requires: "
                                + e.getMessage(),
                        e);
            }
            log.info("The database role could not be checked: {}", e.getMessage());
            return;
        }
        if (verdict.isRight()) {
            log.info("{}", verdict);
        } else if (mode == RoleCheckMode.REFUSE) {
            throw new IllegalStateException(verdict + " To start with this role, set TIMESCALE_ROLE_CHECK=warn.");
        } else {
            log.warn("{}", verdict);
        }
    }
}
