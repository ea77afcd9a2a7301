package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the guard makes of what is in a catalogue; that it finds it there is tested with a database. */
class CatalogGuardTest {

    /** A row of the lookup; the body is null for what cannot be read. */
    private record Row(
            String kind,
            String schema,
            String name,
            @Nullable String body,
            boolean isVolatile,
            String language,
            boolean trusted,
            boolean ofSystem) {

        static Row function(String name, String body) {
            return new Row("function", "public", name, body, true, "plpgsql", true, false);
        }

        static Row compiled(String name, boolean isVolatile) {
            return new Row("function", "pg_catalog", name, null, isVolatile, "internal", false, true);
        }

        static Row view(String name, String body) {
            return new Row("view", "public", name, body, false, "sql", true, false);
        }

        ResultSet asResult() throws SQLException {
            Object[] cells = {kind, schema, name, true, body, isVolatile, language, trusted, ofSystem};
            ResultSet row = mock(ResultSet.class);
            when(row.getString(anyInt())).thenAnswer(call -> cells[call.<Integer>getArgument(0) - 1]);
            when(row.getBoolean(anyInt())).thenAnswer(call -> cells[call.<Integer>getArgument(0) - 1]);
            return row;
        }
    }

    private final Session session = mock(Session.class);
    private final List<Row> catalogue = new ArrayList<>();

    @BeforeEach
    void answerLookups() throws Exception {
        when(session.list(any(), any(), any(Object[].class))).thenAnswer(call -> {
            List<Object> found = new ArrayList<>();
            for (Row row : catalogue) {
                found.add(call.<Session.RowReader<?>>getArgument(1).read(row.asResult()));
            }
            return found;
        });
    }

    @Test
    void withoutAnAnswerOfTheProbe_theCatalogueIsRead() throws Exception {
        guard("SELECT f(1)").check(session);

        verify(session).list(any(), any(), any(Object[].class));
    }

    @Test
    void nothingFoundByTheProbe_needsNoLookup() throws Exception {
        CatalogGuard guard = guard("SELECT upper(name) FROM t");
        guard.accept(probed(false));

        guard.check(session);

        verify(session, never()).list(any(), any(), any(Object[].class));
    }

    @Test
    void probe_asksForWhatTheStatementMentions() {
        CatalogGuard guard = guard("SELECT f(x), x.g, \"q\"\"uote\\\"(1) FROM s.t");

        assertThat(guard.arguments().get(0)).contains("\"f\"", "\"g\"", "\"q\\\"uote\\\\\"");
        assertThat(guard.arguments().get(1)).contains("\"t\"");
    }

    @Test
    void harmlessFunction_passes() throws Exception {
        assertPasses("SELECT f(1)", Row.function("f", "BEGIN RETURN $1 + 1; END"));
        assertPasses("SELECT random()", Row.compiled("random", true));
        assertPasses("SELECT upper('x')", Row.compiled("upper", false));
    }

    @Test
    void functionThatIsNotMentioned_isNotLookedAt() throws Exception {
        assertPasses("SELECT g(1)", Row.function("f", "BEGIN EXECUTE $1; END"));
    }

    @Test
    void unknownVolatileFunction_isRefused() throws Exception {
        assertRefused("SELECT mystery(1)", "is VOLATILE", Row.compiled("mystery", true));
    }

    @Test
    void functionOfOurOwnWithAHarmlessName_isReadAllTheSame() throws Exception {
        assertRefused("SELECT random()", "runs SQL", Row.function("random", "BEGIN EXECUTE 'x'; END"));
    }

    @Test
    void functionInAnUntrustedLanguage_isRefused() throws Exception {
        assertRefused(
                "SELECT f(1)",
                "untrusted language plpython3u",
                new Row("function", "public", "f", null, false, "plpython3u", false, false));
        catalogue.clear();
        assertPasses("SELECT f(1)", new Row("function", "public", "f", null, false, "plv8", true, false));
    }

    @Test
    void callWrittenAsAnAttribute_isACall() throws Exception {
        assertRefused("SELECT t.f FROM t", "holds a lock", Row.function("f", "SELECT pg_try_advisory_lock($1.id)"));
    }

    @Test
    void foreignTable_isRefused() throws Exception {
        assertRefused(
                "SELECT * FROM r",
                "on another server or in a file",
                new Row("foreign table", "public", "r", null, false, "sql", true, false));
    }

    @Test
    void viewOverAFunction_isFollowed() throws Exception {
        inCatalogue(Row.function("f", "BEGIN PERFORM pg_advisory_lock(1); END"));
        assertRefused("SELECT * FROM v", "function 'public.f' calls 'pg_advisory_lock'", Row.view("v", "SELECT f(1)"));
    }

    @Test
    void recursiveFunction_ends() throws Exception {
        Row recursive = Row.function("f", "BEGIN RETURN f($1 - 1); END");
        inCatalogue(recursive);
        assertPasses("SELECT f(1)", recursive);
    }

    @Test
    void nestingWithoutEnd_isRefused() throws Exception {
        List<Row> chain = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            chain.add(Row.view("v" + i, "SELECT * FROM v" + (i + 1)));
        }
        inCatalogue(chain.toArray(Row[]::new));
        assertRefused("SELECT * FROM v0", "nested deeper", chain.get(0));
    }

    @Test
    void bodyThatCannotBeRead_isRefused() throws Exception {
        assertRefused("SELECT f(1)", "cannot be read for checking", Row.function("f", "SELECT 'open"));
    }

    private static CatalogGuard guard(String sql) {
        return new CatalogGuard(ReadStatement.parse(sql).references());
    }

    private static ResultSet probed(boolean found) throws SQLException {
        ResultSet row = mock(ResultSet.class);
        when(row.getBoolean(1)).thenReturn(found);
        return row;
    }

    private void inCatalogue(Row... rows) {
        catalogue.addAll(List.of(rows));
    }

    private CatalogGuard probedGuard(String sql, Row row) throws SQLException {
        if (!catalogue.contains(row)) {
            catalogue.add(row);
        }
        CatalogGuard guard = guard(sql);
        guard.accept(probed(true));
        return guard;
    }

    private void assertPasses(String sql, Row row) throws SQLException {
        CatalogGuard guard = probedGuard(sql, row);
        assertThatCode(() -> guard.check(session)).doesNotThrowAnyException();
    }

    private void assertRefused(String sql, String why, Row row) throws SQLException {
        CatalogGuard guard = probedGuard(sql, row);
        assertThatThrownBy(() -> guard.check(session))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.is(TimescaleErrorCode.STATEMENT_NOT_ALLOWED))
                            .isTrue();
                    assertThat(error.context()).isEqualTo(Map.of("stage", "guard"));
                })
                .hasMessageContaining(why);
    }
}
