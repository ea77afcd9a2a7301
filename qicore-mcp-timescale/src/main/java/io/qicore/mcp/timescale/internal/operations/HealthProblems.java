package io.qicore.mcp.timescale.internal.operations;

import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Derives problems from the results of {@code get_health}. */
final class HealthProblems {

    private static final int CROWDED_PERCENT = 80;
    private static final double LOW_HIT_PERCENT = 90;
    /** The number of blocks from which the cache hit ratio is significant. */
    private static final long ENOUGH_BLOCKS = 100_000;

    private static final long VERY_LONG_SECONDS = 300;
    private static final long MUCH_WAL_BYTES = 1L << 30;
    private static final double WRAPAROUND_PERCENT = 40;

    private HealthProblems() {}

    static List<String> of(GetHealthTool.Result found) {
        List<String> problems = new ArrayList<>();
        connections(found, problems);
        sessions(found, problems);
        HealthReader.Cache cache = found.cache();
        if (cache.hitPercent() != null && cache.hitPercent() < LOW_HIT_PERCENT && cache.blocksRead() > ENOUGH_BLOCKS) {
            problems.add(
                    "Only " + cache.hitPercent() + " % of blocks are found in shared buffers: raise shared_buffers,"
                            + " or shorten chunk intervals so that recent chunks fit.");
        }
        for (HealthReader.Replication replication : found.replication()) {
            Long lag = replication.lagBytes();
            if (lag != null && lag > MUCH_WAL_BYTES) {
                problems.add(
                        "Replication " + replication.kind() + " '" + replication.name() + "' (" + replication.state()
                                + ") is " + lag + " bytes of WAL behind; an abandoned slot fills the disk.");
            }
        }
        HealthReader.Wraparound wraparound = found.wraparound();
        if (wraparound != null && wraparound.percent() > WRAPAROUND_PERCENT) {
            problems.add("Database '" + wraparound.database() + "' has used " + wraparound.percent()
                    + " % of its transaction ids: see why autovacuum does not freeze (long transactions, slots, prepared"
                    + " transactions) and run VACUUM FREEZE.");
        }
        timescale(found.timescale(), problems);
        return List.copyOf(problems);
    }

    private static void connections(GetHealthTool.Result found, List<String> problems) {
        HealthReader.Connections connections = found.connections();
        if (connections.used() * 100 >= connections.max() * CROWDED_PERCENT) {
            problems.add(connections.used() + " of " + connections.max()
                    + " connections are used: put a pooler in between, or find who leaks them.");
        }
    }

    private static void sessions(GetHealthTool.Result found, List<String> problems) {
        for (HealthReader.LongTransaction transaction : found.longTransactions()) {
            if (transaction.seconds() > VERY_LONG_SECONDS) {
                problems.add("Session " + transaction.pid() + " has a transaction open for " + transaction.seconds()
                        + " s (" + transaction.state() + "): it holds back vacuum and may block new chunks.");
            }
        }
        for (HealthReader.Blocked blocked : found.blocked()) {
            problems.add("Session " + blocked.pid() + " has waited " + blocked.seconds() + " s for a lock"
                    + (blocked.relation() == null ? "" : " on " + blocked.relation()) + ", held by "
                    + blocked.blockedBy() + ".");
        }
        for (HealthReader.HypertableLock lock : found.hypertableLocks()) {
            problems.add("Session " + lock.pid() + " holds " + lock.lock() + " on hypertable " + lock.hypertable()
                    + ": inserts that need a new chunk wait for it.");
        }
    }

    private static void timescale(GetHealthTool.@Nullable Timescale timescale, List<String> problems) {
        if (timescale == null) {
            return;
        }
        if (!timescale.failingJobs().isEmpty()) {
            problems.add("The last run of jobs " + timescale.failingJobs() + " failed: see list_jobs.");
        }
        TimescaleExtension extension = new TimescaleExtension(timescale.version(), "", timescale.license());
        if (!extension.isAtLeast(2, 25, 2)) {
            problems.add("TimescaleDB " + timescale.version() + " has the search_path flaw CVE-2026-29089: update to"
                    + " 2.25.2 or later.");
        }
        if (!extension.isAtLeast(2, 29, 1)) {
            problems.add("TimescaleDB " + timescale.version() + " lets any role drop chunks through internal functions"
                    + " (GHSA-hcfx-29v5-2rcw): update to 2.29.1 or later.");
        }
    }
}
