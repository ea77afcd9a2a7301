package io.qicore.mcp.timescale.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.timescale.TimescaleMCPServer;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.attack.AttackTarget.Role;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries every function and relation of a catalogue, with every extension that the installation has. What the guard does
 * not know as harmless must not run in any notation and behind any object; what it knows must pass. Which functions it
 * knows although they are VOLATILE, and which it refuses although they are not, is compared with lists that were reviewed.
 * In the build, every notation is tried with a part of the functions, in {@code .ci/faults sql} with all of them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryFunctionIT {

    private static final Logger log = LoggerFactory.getLogger(EveryFunctionIT.class);

    /** Of how many functions one is tried in all notations. */
    private static final int STEP = Integer.getInteger("qicore.attack.step", 96);

    /** The names of the functions to try in all notations instead, as a regular expression, to look into a failure. */
    private static final String ONLY = System.getProperty("qicore.attack.only", "");

    private static final int BATCH = 40;

    /** The only allowed function whose argument must be in the text, so that it has no attribute notation. */
    private static final String SETTING_READER = "current_setting";

    /**
     * {@code ts_rewrite(tsquery, tsquery, tsquery)}, which is refused by its name because another function has it, and harmless
     * where it is referred to by its id.
     */
    private static final String REFUSED_BY_NAME_ONLY = "3684";

    private static final String REFUSED = "STATEMENT_NOT_ALLOWED";

    /** The statements that use a hidden function, by what hides it. */
    private final Map<String, String> hidden = new LinkedHashMap<>();

    private int passed;
    private final List<String> failures = new ArrayList<>();

    @Test
    void everyFunctionOfPostgreSqlAndItsExtensions() throws Exception {
        try (EmbeddedTarget target = new EmbeddedTarget()) {
            attack(target);
        }
    }

    @Test
    void everyFunctionOfTimescale() throws Exception {
        Optional<WasmTarget> started =
                Boolean.getBoolean("qicore.fuzz.timescale") ? WasmTarget.start() : Optional.empty();
        if (started.isEmpty()) {
            System.out.println("NOT RUN: every function of TimescaleDB. To run it, with Node: bash .ci/faults sql");
            return;
        }
        try (WasmTarget target = started.get()) {
            attack(target);
        }
    }

    @Test
    void everyFunctionOfAnInstalledServer() throws Exception {
        String url = System.getProperty("qicore.attack.url", "");
        if (url.isEmpty()) {
            System.out.println("NOT RUN: every function of an installed PostgreSQL. To run it: bash .ci/faults sql");
            return;
        }
        try (InstalledTarget target = new InstalledTarget(url)) {
            attack(target);
        }
    }

    /** Prints the counts in the form that {@code .ci/faults} reads. */
    @AfterAll
    void report() {
        System.out.println(passed + " passed, " + failures.size() + " failed");
    }

    private void attack(AttackTarget target) throws Exception {
        int before = failures.size();
        installExtensions(target);
        target.execute(List.of(
                "CREATE SCHEMA made",
                "CREATE SCHEMA IF NOT EXISTS api",
                "CREATE SCHEMA IF NOT EXISTS impl",
                "GRANT USAGE ON SCHEMA made, api, impl TO PUBLIC",
                "SET check_function_bodies = off"));
        List<CatalogFunction> functions = CatalogFunction.all(target);
        hidden.clear();
        for (Role role : STEP == 1 ? List.of(Role.values()) : List.of(Role.SUPERUSER)) {
            try (TimescaleMCPServer server = new TimescaleMCPServer(
                    target.source(role),
                    TimescaleOptions.builder()
                            .roleCheck(RoleCheckMode.OFF)
                            .server(ServerSettings.builder()
                                    .callTimeout(Duration.ofSeconds(20))
                                    .build())
                            .build())) {
                server.initialize();
                MCPClient client = MCPClient.inProcess(server);
                relations(target, client);
                functions(target, role, client, functions);
            }
        }
        assertThat(failures.subList(before, failures.size())).isEmpty();
    }

    private void functions(AttackTarget target, Role role, MCPClient client, List<CatalogFunction> functions)
            throws Exception {
        String world = target.world();
        List<CatalogFunction> allowed = new ArrayList<>();
        List<CatalogFunction> refused = new ArrayList<>();
        for (int i = 0; i < functions.size(); i += BATCH) {
            classify(client, functions.subList(i, Math.min(i + BATCH, functions.size())), allowed, refused);
        }
        check(target, world, "calls of allowed functions left something behind");
        compare("VOLATILE functions that may run", titles(allowed, true), "volatile-allowed.txt", functions);
        compare("other functions that may not run", titles(refused, false), "denied.txt", functions);
        for (int i = 0; i < allowed.size(); i += BATCH) {
            allow(client, allowed.subList(i, Math.min(i + BATCH, allowed.size())));
        }
        List<CatalogFunction> chosen = new ArrayList<>();
        for (int i = 0; i < refused.size(); i += ONLY.isEmpty() ? STEP : 1) {
            if (ONLY.isEmpty() || refused.get(i).title().matches(ONLY)) {
                chosen.add(refused.get(i));
            }
        }
        boolean first = hidden.isEmpty();
        for (CatalogFunction function : chosen) {
            function.notations().forEach((title, sql) -> refuse(client, function, title, sql, Set.of(REFUSED)));
            function.attributes()
                    .forEach((title, sql) -> refuse(client, function, title, sql, Set.of(REFUSED, "INVALID_SQL")));
            if (first && !function.id().equals(REFUSED_BY_NAME_ONLY)) {
                hide(target, function);
            }
        }
        String made = target.world();
        hidden.forEach((title, sql) -> {
            String code = code(client, sql);
            count(REFUSED.equals(code), target, role, title + ": " + sql + " -> " + code);
        });
        check(target, made, "a hidden function left something behind");
        System.out.printf(
                "%s, %s: %d functions may run, %d may not, %d of them tried in every notation and in %d hiding places%n",
                target.name(), role, allowed.size(), refused.size(), chosen.size(), hidden.size());
    }

    /**
     * Divides functions into those that may run and those that may not. Together, most calls fail for their arguments, so
     * each allowed function is called alone if all are tried.
     */
    private static void classify(
            MCPClient client,
            List<CatalogFunction> functions,
            List<CatalogFunction> allowed,
            List<CatalogFunction> refused) {
        String calls = functions.stream().map(CatalogFunction::call).collect(Collectors.joining(", "));
        if (STEP > 1 && !isRefused(client, "SELECT " + calls)) {
            allowed.addAll(functions);
            return;
        }
        for (CatalogFunction function : functions) {
            (isRefused(client, "SELECT " + function.call()) ? refused : allowed).add(function);
        }
    }

    /** Creates the objects that hide a function, as far as PostgreSQL allows them. */
    private void hide(AttackTarget target, CatalogFunction function) {
        function.hidings().forEach((title, hiding) -> {
            try {
                target.execute(hiding.getKey());
                hidden.put(function.title() + " " + function.id() + " in " + title, hiding.getValue());
            } catch (SQLException impossible) {
                log.debug("Not every function can be an operator, a default and so on", impossible);
            }
        });
    }

    private void refuse(MCPClient client, CatalogFunction function, String title, String sql, Set<String> codes) {
        String code = code(client, sql);
        count(
                code != null && codes.contains(code),
                null,
                null,
                function.title() + " as " + title + ": " + sql + " -> " + code);
    }

    /** Requires that the guard lets functions pass. That PostgreSQL then refuses the arguments is none of its business. */
    private void allow(MCPClient client, List<CatalogFunction> functions) {
        String attributes = functions.stream()
                .map(function -> "(x).\"" + function.name() + "\"")
                .collect(Collectors.joining(", "));
        boolean together = !isRefused(client, "SELECT " + attributes + " FROM t x");
        for (CatalogFunction function : functions) {
            count(
                    together
                            || function.name().equals(SETTING_READER)
                            || !isRefused(client, "SELECT (x).\"" + function.name() + "\" FROM t x"),
                    null,
                    null,
                    function.title() + " as an attribute is refused");
        }
    }

    private void relations(AttackTarget target, MCPClient client) throws SQLException {
        Set<String> refused = new TreeSet<>();
        for (List<@Nullable String> row : target.rows(
                "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid ="
                        + " c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND c.oid < 16384 ORDER BY 2")) {
            if (isRefused(client, "SELECT * FROM " + row.get(0) + "." + row.get(1) + " LIMIT 1")) {
                refused.add(String.valueOf(row.get(1)));
            }
        }
        Set<String> expected = new TreeSet<>(AttackInputs.lines("denied-relations.txt"));
        count(
                expected.containsAll(refused) && !refused.isEmpty(),
                target,
                null,
                "relations that may not be read: " + refused);
    }

    private void compare(String what, Set<String> found, String file, List<CatalogFunction> functions) {
        Set<String> reviewed = new TreeSet<>(AttackInputs.lines(file));
        Set<String> there = functions.stream().map(CatalogFunction::title).collect(Collectors.toSet());
        reviewed.retainAll(there);
        count(found.equals(reviewed), null, null, what + " differ from " + file + ": " + difference(found, reviewed));
    }

    private static String difference(Set<String> found, Set<String> reviewed) {
        Set<String> more = new TreeSet<>(found);
        more.removeAll(reviewed);
        Set<String> fewer = new TreeSet<>(reviewed);
        fewer.removeAll(found);
        return "more " + more + ", fewer " + fewer;
    }

    private static Set<String> titles(List<CatalogFunction> functions, boolean isVolatile) {
        return functions.stream()
                .filter(function -> function.isVolatile() == isVolatile)
                .map(CatalogFunction::title)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void check(AttackTarget target, String before, String what) throws Exception {
        String after = target.world();
        List<String> known = before.lines().toList();
        count(
                after.equals(before),
                target,
                null,
                what + ": "
                        + after.lines().filter(line -> !known.contains(line)).toList());
    }

    private void count(boolean good, @Nullable AttackTarget target, @Nullable Role role, String failure) {
        if (good) {
            passed++;
        } else {
            failures.add((target == null ? "" : target.name() + ", ") + (role == null ? "" : role + ", ") + failure);
        }
    }

    private static boolean isRefused(MCPClient client, String sql) {
        return REFUSED.equals(code(client, sql));
    }

    /** Returns the code of the error, or null if the statement ran. */
    private static @Nullable String code(MCPClient client, String sql) {
        try {
            client.call("query", Map.of("sql", sql, "maxRows", 1));
            return null;
        } catch (MCPToolError e) {
            return e.code();
        }
    }

    private static void installExtensions(AttackTarget target) throws SQLException {
        for (List<@Nullable String> row :
                target.rows("SELECT name FROM pg_available_extensions WHERE installed_version IS NULL")) {
            try {
                target.execute(List.of("CREATE EXTENSION \"" + row.get(0) + "\" CASCADE"));
            } catch (SQLException unavailable) {
                log.debug("Its library needs something that is not on this machine", unavailable);
            }
        }
    }
}
