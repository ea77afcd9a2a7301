package io.qicore.mcp.timescale.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.timescale.TimescaleMCPServer;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.attack.AttackInputs.Input;
import io.qicore.mcp.timescale.attack.AttackInputs.Wanted;
import io.qicore.mcp.timescale.attack.AttackTarget.Role;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Runs all known and many generated attacks on {@code query} and {@code explain_query}, as superuser and as a role that may
 * only select, on plain PostgreSQL and on TimescaleDB. Attacks must not change anything or read anything outside the
 * database, and harmless statements must be accepted. Prints the counts.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlAttackIT {

    private static final int GENERATED = Integer.getInteger("qicore.fuzz.statements", 40);
    private static final long SEED = Long.getLong("qicore.fuzz.seed", 20260728L);

    /** Of how many statements one is repeated. */
    private static final int STEP = Integer.getInteger("qicore.attack.step", 8);

    /** The number of statements between two checks of the whole database. The session is checked after each statement. */
    private static final int LOOK_EVERY = Integer.getInteger("qicore.fuzz.look.every", 10);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    /** The deadline of statements that may be endless. */
    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);

    /** Errors for which the caller is responsible. Any other error is a fault of the server. */
    private static final Set<String> FAULTS_OF_THE_CALLER = Set.of(
            "STATEMENT_NOT_ALLOWED",
            "INVALID_SQL",
            "INVALID_ARGUMENT",
            "NOT_AUTHORIZED",
            "QUERY_TIMEOUT",
            "DEADLINE_EXCEEDED",
            "RESULT_TOO_LARGE",
            "TABLE_NOT_FOUND",
            "COLUMN_NOT_FOUND",
            "SCHEMA_NOT_FOUND");

    private int passed;
    private final List<String> failures = new ArrayList<>();

    @Test
    void plainPostgreSql_isNotHarmed() throws Exception {
        try (EmbeddedTarget target = new EmbeddedTarget()) {
            attack(target, target.port());
            repeat(target);
        }
    }

    @Test
    void timescale_isNotHarmed() throws Exception {
        Optional<WasmTarget> started =
                Boolean.getBoolean("qicore.fuzz.timescale") ? WasmTarget.start() : Optional.empty();
        if (started.isEmpty()) {
            System.out.println("NOT RUN: attacks on TimescaleDB. To run them, with Node: bash .ci/faults sql");
            return;
        }
        try (WasmTarget target = started.get()) {
            attack(target, 1);
        }
    }

    /** Prints the counts in the form that {@code .ci/faults} reads. */
    @AfterAll
    void report() {
        System.out.println(passed + " passed, " + failures.size() + " failed");
    }

    private void attack(AttackTarget target, int port) throws Exception {
        int before = failures.size();
        for (Role role : Role.values()) {
            try (TimescaleMCPServer server = server(target, role, CALL_TIMEOUT);
                    TimescaleMCPServer brief = server(target, role, SHORT_TIMEOUT)) {
                Map<Boolean, MCPClient> clients =
                        Map.of(false, MCPClient.inProcess(server), true, MCPClient.inProcess(brief));
                for (String tool : List.of("query", "explain_query")) {
                    run(target, role, clients, tool, port);
                }
            }
        }
        assertThat(failures.subList(before, failures.size())).isEmpty();
    }

    private static TimescaleMCPServer server(AttackTarget target, Role role, Duration timeout) throws Exception {
        TimescaleMCPServer server = new TimescaleMCPServer(target.source(role), options(timeout));
        server.initialize();
        return server;
    }

    private static TimescaleOptions options(Duration timeout) {
        return TimescaleOptions.builder()
                .roleCheck(RoleCheckMode.OFF)
                .server(ServerSettings.builder().callTimeout(timeout).build())
                .build();
    }

    /** Runs each statement four times on a connection of the server's own, where what repeats is prepared. */
    private void repeat(EmbeddedTarget target) throws Exception {
        int before = failures.size();
        for (Role role : Role.values()) {
            String user = target.user(role);
            try (TimescaleMCPServer server = new TimescaleMCPServer(
                    new TimescaleConnection(target.jdbcUrl(), user, user, 1), options(CALL_TIMEOUT))) {
                server.initialize();
                MCPClient client = MCPClient.inProcess(server);
                String world = target.world();
                List<Input> inputs = Stream.concat(
                                AttackInputs.attacks().stream(), AttackInputs.accepted("accepted.txt").stream())
                        .filter(input -> input.wanted() != Wanted.BOUNDED)
                        .toList();
                for (int i = 0; i < inputs.size(); i += STEP) {
                    Input input = inputs.get(i);
                    repeat(client, role, filled(input.sql(), target, target.port()), input.wanted());
                }
                String after = target.world();
                if (after.equals(world)) {
                    passed++;
                } else {
                    failures.add(role + ": repeated statements left something behind: " + difference(world, after));
                }
            }
        }
        assertThat(failures.subList(before, failures.size())).isEmpty();
    }

    private void repeat(MCPClient client, Role role, String sql, Wanted wanted) {
        for (int i = 1; i <= 4; i++) {
            String fault = judge(client, "query", sql, wanted);
            if (fault != null) {
                failures.add(role + ", run " + i + ": " + sql + " -> " + fault);
                return;
            }
        }
        passed++;
    }

    private static String filled(String sql, AttackTarget target, int port) {
        return sql.replace("${dir}", target.writableFolder().toString())
                .replace("${secret}", target.writableFolder().resolve("secret").toString())
                .replace("${port}", String.valueOf(port));
    }

    /** @param clients the client for statements that may be endless (key true) and the client for all others */
    private void run(AttackTarget target, Role role, Map<Boolean, MCPClient> clients, String tool, int port)
            throws Exception {
        Stream<Input> accepted = AttackInputs.accepted("accepted.txt").stream();
        if (target.hasTimescale()) {
            accepted = Stream.concat(accepted, AttackInputs.accepted("accepted-timescale.txt").stream());
        }
        SqlFuzzer fuzzer = new SqlFuzzer(SEED);
        Map<String, List<Input>> suites = new LinkedHashMap<>();
        suites.put("attacks", AttackInputs.attacks());
        suites.put("to be accepted", accepted.toList());
        suites.put(
                "generated",
                Stream.generate(() -> new Input(Wanted.BOUNDED, fuzzer.next()))
                        .limit(GENERATED)
                        .toList());
        String session = target.session(role);
        String world = target.world();
        for (var suite : suites.entrySet()) {
            int count = 0;
            int failedBefore = failures.size();
            boolean attacks = suite.getKey().equals("attacks");
            List<Input> inputs = suite.getValue().stream()
                    .filter(input -> !attacks || input.wanted() != Wanted.BOUNDED || target.endsStatements())
                    .toList();
            for (Input input : inputs) {
                boolean endless = attacks && input.wanted() == Wanted.BOUNDED;
                String sql = filled(input.sql(), target, port);
                String fault = judge(clients.get(endless), tool, sql, input.wanted());
                count++;
                String after = target.session(role);
                if (!after.equals(session)) {
                    fault = "left something behind in its session: " + difference(session, after);
                    session = after;
                }
                if (count % LOOK_EVERY == 0 || count == inputs.size()) {
                    after = target.world();
                    if (!after.equals(world)) {
                        fault = "left something behind, or one of those " + LOOK_EVERY + " before did: "
                                + difference(world, after);
                        world = after;
                    }
                }
                if (fault == null) {
                    passed++;
                } else {
                    failures.add(target.name() + ", " + role + ", " + tool + ": " + sql + " -> " + fault);
                }
            }
            System.out.printf(
                    "%s, %s, %s, %s: %d run, %d failed%n",
                    target.name(), role, tool, suite.getKey(), count, failures.size() - failedBefore);
        }
    }

    /** Runs a statement. Returns what went wrong, or null if the outcome is as required. */
    private static String judge(MCPClient client, String tool, String sql, Wanted wanted) {
        long start = System.nanoTime();
        String answer;
        boolean failed = false;
        String code = "";
        try {
            // ANALYZE also runs the statement, which must then be as harmless as in a query.
            JsonNode result =
                    client.call(tool, tool.equals("query") ? Map.of("sql", sql) : Map.of("sql", sql, "analyze", true));
            answer = result.toString();
        } catch (MCPToolError e) {
            failed = true;
            code = e.code();
            answer = e.toString() + e.context();
        }
        if (answer.contains(Fixture.SECRET)) {
            return "read a file: " + answer;
        }
        if (System.nanoTime() - start > CALL_TIMEOUT.plusSeconds(2).toNanos()) {
            return "took longer than its deadline";
        }
        if (failed && !FAULTS_OF_THE_CALLER.contains(code)) {
            return "was not refused by itself: " + answer;
        }
        return switch (wanted) {
            case REFUSED -> failed ? null : "was accepted: " + answer;
            case ACCEPTED -> failed ? "was refused: " + answer : null;
            case BOUNDED -> null;
        };
    }

    private static String difference(String before, String after) {
        List<String> known = before.lines().toList();
        return after.lines().filter(line -> !known.contains(line)).toList().toString();
    }
}
