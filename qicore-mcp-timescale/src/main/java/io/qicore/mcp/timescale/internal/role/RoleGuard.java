package io.qicore.mcp.timescale.internal.role;

import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the role of a server as it starts, and warns or refuses. Thread-safe. */
public final class RoleGuard {

    private static final Logger log = LoggerFactory.getLogger(RoleGuard.class);

    private final Database database;
    private final RoleCheckMode mode;
    private final boolean writes;

    /**
     * For a server.
     *
     * @param writes whether the server is to create and change tables
     */
    public RoleGuard(Database database, RoleCheckMode mode, boolean writes) {
        this.database = database;
        this.mode = mode;
        this.writes = writes;
    }

    /**
     * Checks, for at most a few seconds. A database that cannot be reached is no reason to refuse in mode
     * {@link RoleCheckMode#WARN}.
     *
     * @throws IllegalStateException if the role is refused or cannot be checked; the message has the SQL that helps
     */
    public void check() {
        if (mode == RoleCheckMode.OFF) {
            return;
        }
        RoleCheck.Verdict verdict;
        try {
            verdict = database.read(
                    RequestContext.ofTimeout(Duration.ofSeconds(5)), session -> RoleCheck.of(session, writes));
        } catch (MCPToolError e) {
            if (mode == RoleCheckMode.REFUSE) {
                throw new IllegalStateException(
                        "The database role could not be checked, which TIMESCALE_ROLE_CHECK=refuse demands: "
                                + e.getMessage(),
                        e);
            }
            log.info("The database role could not be checked: {}", e.getMessage());
            return;
        }
        if (verdict.isRight()) {
            log.info("{}", verdict);
        } else if (mode == RoleCheckMode.REFUSE) {
            throw new IllegalStateException(verdict + " Or start all the same with TIMESCALE_ROLE_CHECK=warn.");
        } else {
            log.warn("{}", verdict);
        }
    }
}
