package io.qicore.mcp.timescale.internal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HealthProblemsTest {

    @Test
    void healthyServer_hasNone() {
        assertThat(HealthProblems.of(result(10, 99.5, "2.29.2", List.of(), List.of(), List.of(), List.of(), 3)))
                .isEmpty();
    }

    @Test
    void everythingThatIsWrong_isNamed() {
        List<String> problems = HealthProblems.of(result(
                85,
                50.0,
                "2.25.1",
                List.of(7),
                List.of(new HealthReader.LongTransaction(11, "app", "etl", "idle in transaction", 900, null)),
                List.of(new HealthReader.Blocked(12, List.of(11), 60, "m", "AccessExclusiveLock", null)),
                List.of(new HealthReader.Replication("old", "slot", "inactive", 2L << 30)),
                70));
        assertThat(problems)
                .hasSize(9)
                .anyMatch(problem -> problem.startsWith("85 of 100 connections"))
                .anyMatch(problem -> problem.contains("50.0 % of blocks"))
                .anyMatch(problem -> problem.contains("Session 11 has a transaction open for 900 s"))
                .anyMatch(problem -> problem.contains("Session 12 has waited 60 s for a lock on m, held by [11]"))
                .anyMatch(problem -> problem.contains("slot 'old' (inactive)"))
                .anyMatch(problem -> problem.contains("70.0 % of its transaction ids"))
                .anyMatch(problem -> problem.contains("jobs [7] failed"))
                .anyMatch(problem -> problem.contains("CVE-2026-29089"))
                .anyMatch(problem -> problem.contains("GHSA-hcfx-29v5-2rcw"));
    }

    private static GetHealthTool.Result result(
            int used,
            double hits,
            String version,
            List<Integer> failing,
            List<HealthReader.LongTransaction> transactions,
            List<HealthReader.Blocked> blocked,
            List<HealthReader.Replication> replication,
            double wraparound) {
        return new GetHealthTool.Result(
                List.of(),
                "17.5",
                new GetHealthTool.Timescale(version, "timescale", failing),
                new HealthReader.Connections(used, 100, 1, 0, 0),
                new HealthReader.Cache(hits, 1_000_000, 0, 0, 1),
                transactions,
                blocked,
                List.of(),
                replication,
                new HealthReader.Wraparound("market", 1, wraparound));
    }
}
