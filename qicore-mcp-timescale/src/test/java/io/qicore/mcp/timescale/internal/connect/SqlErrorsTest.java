package io.qicore.mcp.timescale.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class SqlErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "08001, EXTERNAL_SERVICE_ERROR, true",
        "53300, DATABASE_UNAVAILABLE, true",
        "57014, QUERY_TIMEOUT, false",
        "55P03, LOCK_CONFLICT, true",
        "40001, LOCK_CONFLICT, true",
        "25006, STATEMENT_NOT_ALLOWED, false",
        "42501, NOT_AUTHORIZED, false",
        "42P01, TABLE_NOT_FOUND, false",
        "42P07, TABLE_EXISTS, false",
        "42703, COLUMN_NOT_FOUND, false",
        "3F000, SCHEMA_NOT_FOUND, false",
        "TS110, HYPERTABLE_EXISTS, false",
        "TS103, INVALID_SQL, false",
        "42601, INVALID_SQL, false",
        "22012, INVALID_SQL, false",
        "XX000, EXTERNAL_SERVICE_ERROR, true"
    })
    void sqlState_decidesTheCode(String state, String code, boolean retryable) {
        MCPToolError error = SqlErrors.toToolError(server(state, "it is wrong", "", ""));
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.retryable()).isEqualTo(retryable);
        assertThat(error.context()).containsEntry("sqlState", state).containsEntry("stage", "run");
    }

    @Test
    void connectionIsLost_ifTheDriverOrTheServerEndsIt_butNotIfAStatementReportsAnotherOne() {
        for (SQLException lost : List.of(
                new SQLException("closed", "08006"), server("FATAL", "57P01", "terminating connection", "", ""))) {
            assertThat(SqlErrors.isConnectionLost(lost)).isTrue();
            assertThat(SqlErrors.toToolError(lost).code()).isEqualTo("DATABASE_UNAVAILABLE");
        }
        SQLException remote = server("08001", "could not connect to server \"elsewhere\"", "", "");
        assertThat(SqlErrors.isConnectionLost(remote)).isFalse();
        assertThat(SqlErrors.toToolError(remote)).hasMessageContaining("elsewhere");
    }

    @Test
    void detail_staysOut_hintAndPositionAreTold() {
        MCPToolError error = SqlErrors.toToolError(
                server("42601", "it is wrong", "Key (card)=(4111) exists.", "Do this."),
                "parse",
                position -> position - 3);
        assertThat(error).hasMessageContaining("it is wrong.");
        assertThat(error.getMessage() + error.context()).doesNotContain("4111");
        assertThat(error.context())
                .containsEntry("hint", "Do this.")
                .containsEntry("position", 4)
                .containsEntry("stage", "parse");
    }

    @Test
    void driversOwnMessage_staysOut() {
        MCPToolError error = SqlErrors.toToolError(new SQLException("jdbc:postgresql://h/?password=secret", "08001"));
        assertThat(error.code()).isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(error.getMessage() + error.context()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "08001, DATABASE_UNAVAILABLE, cannot be reached",
        "57P03, DATABASE_UNAVAILABLE, starting",
        "53300, DATABASE_UNAVAILABLE, no more connections",
        "3D000, DATABASE_UNAVAILABLE, does not exist",
        "28P01, NOT_AUTHORIZED, password",
        ", DATABASE_UNAVAILABLE, in time"
    })
    void failureToConnect_isExplainedByWhatThePoolWasTold(String state, String code, String why) {
        SQLException cause = state == null ? null : new SQLException("secret", state);
        MCPToolError error = SqlErrors.toConnectError(new SQLTransientConnectionException("timed out", null, 0, cause));
        assertThat(error.code()).isEqualTo(code);
        assertThat(error).hasMessageContaining(why).hasMessageNotContaining("secret");
    }

    private static PSQLException server(String state, String message, String detail, String hint) {
        return server("ERROR", state, message, detail, hint);
    }

    private static PSQLException server(String severity, String state, String message, String detail, String hint) {
        StringBuilder fields = new StringBuilder("S" + severity + "\0C" + state + "\0M" + message + "\0P7\0");
        if (!detail.isEmpty()) {
            fields.append('D').append(detail).append('\0');
        }
        if (!hint.isEmpty()) {
            fields.append('H').append(hint).append('\0');
        }
        return new PSQLException(new ServerErrorMessage(fields.toString()));
    }
}
