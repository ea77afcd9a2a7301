package io.qicore.mcp.tool.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfirmationTest {

    private static final String HASH = "hash-now";
    private static final String OTHER_HASH = "hash-before";

    /** Every combination is matched by exactly one row. */
    private static final String TABLE = """
            | mode        | client | destructive | dryRun | planHash | answer                           | outcome      |
            | *           | *      | *           | yes    | *        | *                                | PREVIEW      |
            | *           | *      | *           | no     | RIGHT    | *                                | APPLIED      |
            | *           | *      | *           | no     | WRONG    | *                                | PLAN_CHANGED |
            | *           | *      | *           | no     | ABSENT   | ACCEPT                           | APPLIED      |
            | *           | *      | *           | no     | ABSENT   | ACCEPT_OLD_PLAN                  | PLAN_CHANGED |
            | *           | *      | *           | no     | ABSENT   | DECLINE,CANCEL,UNTICKED          | DECLINED     |
            | *           | *      | *           | no     | ABSENT   | DECLINE_OLD_PLAN,CANCEL_OLD_PLAN | DECLINED     |
            | NEVER       | *      | *           | no     | ABSENT   | NONE,UNASKED,MISSING             | APPLIED      |
            | DESTRUCTIVE | *      | no          | no     | ABSENT   | NONE,UNASKED,MISSING             | APPLIED      |
            | DESTRUCTIVE | FORMS  | yes         | no     | ABSENT   | NONE,UNASKED,MISSING             | ASKED        |
            | DESTRUCTIVE | PLAIN  | yes         | no     | ABSENT   | NONE,UNASKED,MISSING             | PREVIEW      |
            | ALWAYS      | FORMS  | *           | no     | ABSENT   | NONE,UNASKED,MISSING             | ASKED        |
            | ALWAYS      | PLAIN  | *           | no     | ABSENT   | NONE,UNASKED,MISSING             | PREVIEW      |
            """;

    private enum Client {
        FORMS,
        PLAIN
    }

    private enum Named {
        ABSENT,
        RIGHT,
        WRONG
    }

    private enum Answer {
        /** First round. */
        NONE(null, false, null),
        /** The client claims an agreement to a question that was never put. */
        UNASKED("accept", true, null),
        /** The client comes back without an answer. */
        MISSING(null, false, HASH),
        ACCEPT("accept", true, HASH),
        UNTICKED("accept", false, HASH),
        DECLINE("decline", false, HASH),
        CANCEL("cancel", false, HASH),
        ACCEPT_OLD_PLAN("accept", true, OTHER_HASH),
        DECLINE_OLD_PLAN("decline", false, OTHER_HASH),
        CANCEL_OLD_PLAN("cancel", false, OTHER_HASH);

        private final InputResponses inputs;

        Answer(@Nullable String action, boolean proceed, @Nullable String state) {
            ObjectNode responses = Json.object();
            if (action != null) {
                ObjectNode response = responses.putObject("confirm").put("action", action);
                if (action.equals("accept")) {
                    response.putObject("content").put("proceed", proceed);
                }
            }
            inputs = new InputResponses(responses, state == null ? null : TextNode.valueOf(state));
        }
    }

    private record Case(
            ConfirmationMode mode, Client client, boolean destructive, boolean dryRun, Named planHash, Answer answer) {

        List<String> cells() {
            return List.of(mode.name(), client.name(), yes(destructive), yes(dryRun), planHash.name(), answer.name());
        }

        private static String yes(boolean value) {
            return value ? "yes" : "no";
        }
    }

    private record Result(
            boolean applied,
            @Nullable String planHash,
            @Nullable String next) {}

    private static final class Change implements PlannedChange<Result, SQLException> {

        private final boolean destructive;
        private int applied;

        Change(boolean destructive) {
            this.destructive = destructive;
        }

        @Override
        public String hash() {
            return HASH;
        }

        @Override
        public String question() {
            return "Delete it?";
        }

        @Override
        public boolean isDestructive() {
            return destructive;
        }

        @Override
        public Result preview(String planHash, String next) {
            return new Result(false, planHash, next);
        }

        @Override
        public Result apply() throws SQLException {
            applied++;
            return new Result(true, null, null);
        }
    }

    private record Context(Client client, Answer answer) implements RequestContext {

        @Override
        public Duration remaining() {
            return Duration.ofSeconds(1);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}

        @Override
        public Caller caller() {
            return Caller.ANONYMOUS;
        }

        @Override
        public boolean clientSupports(ClientFeature feature) {
            return client == Client.FORMS && feature == ClientFeature.ELICITATION_FORM;
        }

        @Override
        public InputResponses inputs() {
            return answer.inputs;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (ConfirmationMode mode : ConfirmationMode.values()) {
            for (Client client : Client.values()) {
                for (boolean destructive : new boolean[] {true, false}) {
                    for (boolean dryRun : new boolean[] {true, false}) {
                        for (Named planHash : Named.values()) {
                            for (Answer answer : Answer.values()) {
                                cases.add(new Case(mode, client, destructive, dryRun, planHash, answer));
                            }
                        }
                    }
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void outcome_isThatOfTheTable(Case combination) throws SQLException {
        Change change = new Change(combination.destructive());

        assertThat(outcome(combination, change)).isEqualTo(expected(combination));
        assertThat(change.applied).isEqualTo(expected(combination).equals("APPLIED") ? 1 : 0);
    }

    @Test
    void question_carriesThePlansHashAsState() throws SQLException {
        ToolResult result =
                run(new Case(ConfirmationMode.DESTRUCTIVE, Client.FORMS, true, false, Named.ABSENT, Answer.NONE));

        assertThat(result).isInstanceOfSatisfying(ToolResult.InputRequired.class, asked -> {
            assertThat(asked.requests().state()).isEqualTo(HASH);
            InputRequests.Item item = asked.requests().items().get("confirm");
            assertThat(item).isNotNull();
            assertThat(item.params().path("message").asText()).isEqualTo("Delete it?");
            assertThat(item.params()
                            .at("/requestedSchema/properties/proceed/type")
                            .asText())
                    .isEqualTo("boolean");
        });
    }

    @Test
    void preview_saysHowToMakeTheChange() throws SQLException {
        Result dryRun = preview(new Case(ConfirmationMode.NEVER, Client.FORMS, true, true, Named.ABSENT, Answer.NONE));
        Result unasked =
                preview(new Case(ConfirmationMode.DESTRUCTIVE, Client.PLAIN, true, false, Named.ABSENT, Answer.NONE));

        assertThat(dryRun.planHash()).isEqualTo(HASH);
        assertThat(dryRun.next()).contains("Nothing was changed", "planHash", "without dryRun");
        assertThat(unasked.planHash()).isEqualTo(HASH);
        assertThat(unasked.next()).contains("Nothing was changed", "planHash", "cannot ask");
    }

    @ParameterizedTest
    @EnumSource(ConfirmationMode.class)
    void changedPlan_comesWithItsNewHash(ConfirmationMode mode) {
        for (Case changed : List.of(
                new Case(mode, Client.PLAIN, true, false, Named.WRONG, Answer.NONE),
                new Case(mode, Client.FORMS, true, false, Named.ABSENT, Answer.ACCEPT_OLD_PLAN))) {
            MCPToolError error = catchThrowableOfType(MCPToolError.class, () -> run(changed));
            assertThat(error.is(StandardErrorCode.PLAN_CHANGED)).isTrue();
            assertThat(error.retryable()).isFalse();
            assertThat(error.context()).containsEntry("planHash", HASH);
            assertThat(error).hasMessageContaining(OTHER_HASH);
        }
    }

    @Test
    void planHash_mayHaveSpaceAround() throws SQLException {
        Change change = new Change(true);
        new Confirmation(ConfirmationMode.ALWAYS)
                .run(change, false, " " + HASH + "\n", new Context(Client.PLAIN, Answer.NONE));
        assertThat(change.applied).isOne();
    }

    @Test
    void failureOfTheChange_isPassedOn() {
        PlannedChange<Result, SQLException> failing = new PlannedChange<>() {
            @Override
            public String hash() {
                return HASH;
            }

            @Override
            public String question() {
                return "";
            }

            @Override
            public Result preview(String planHash, String next) throws SQLException {
                throw new SQLException("preview");
            }

            @Override
            public Result apply() throws SQLException {
                throw new SQLException("apply");
            }
        };
        Confirmation confirmation = new Confirmation(ConfirmationMode.DESTRUCTIVE);
        RequestContext plain = new Context(Client.PLAIN, Answer.NONE);

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> confirmation.run(failing, false, HASH, plain))
                .withMessage("apply");
        // A change that does not say what it does is asked about.
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> confirmation.run(failing, false, null, plain))
                .withMessage("preview");
    }

    private static String outcome(Case combination, Change change) throws SQLException {
        try {
            ToolResult result = run(combination, change);
            if (result instanceof ToolResult.InputRequired) {
                return "ASKED";
            }
            return result(result).applied() ? "APPLIED" : "PREVIEW";
        } catch (MCPToolError e) {
            return e.code();
        }
    }

    private static Result preview(Case combination) throws SQLException {
        return result(run(combination));
    }

    private static Result result(ToolResult result) {
        return (Result) ((ToolResult.Complete) result).structured();
    }

    private static ToolResult run(Case combination) throws SQLException {
        return run(combination, new Change(combination.destructive()));
    }

    private static ToolResult run(Case combination, Change change) throws SQLException {
        String planHash =
                switch (combination.planHash()) {
                    case ABSENT -> null;
                    case RIGHT -> HASH;
                    case WRONG -> OTHER_HASH;
                };
        return new Confirmation(combination.mode())
                .run(change, combination.dryRun(), planHash, new Context(combination.client(), combination.answer()));
    }

    private static String expected(Case combination) {
        List<String> outcomes = TABLE.lines()
                .skip(1)
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .filter(row -> matches(row, combination.cells()))
                .map(row -> row.get(row.size() - 1))
                .toList();
        assertThat(outcomes).as("rows of %s", combination).hasSize(1);
        return outcomes.get(0);
    }

    private static boolean matches(List<String> row, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (!row.get(i).equals("*") && !List.of(row.get(i).split(",")).contains(cells.get(i))) {
                return false;
            }
        }
        return true;
    }
}
