package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.change.Confirmation;
import io.qicore.mcp.tool.change.ConfirmationMode;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A user's consent to a planned change is used up by the change, on whichever replica, without a store. */
class ConfirmedOnceTest {

    private static final String FORM = "{\"elicitation\": {}}";
    private static final byte[] KEY = new byte[32];

    record Prefix(@Schema("Prefix of the orders") String prefix) {}

    record Deleted(int orders) {}

    private final List<String> orders = new CopyOnWriteArrayList<>(List.of("a1", "a2", "b1"));

    private final class Deletion implements PlannedChange<Deleted, RuntimeException> {

        private final List<String> planned;

        Deletion(String prefix) {
            planned = orders.stream().filter(order -> order.startsWith(prefix)).toList();
        }

        @Override
        public String hash() {
            return PlanHash.of("delete_orders", planned);
        }

        @Override
        public String question() {
            return "Delete " + planned + "?";
        }

        @Override
        public Deleted preview(String planHash, String next) {
            return new Deleted(0);
        }

        @Override
        public Deleted apply() {
            orders.removeAll(planned);
            return new Deleted(planned.size());
        }
    }

    private MCPEngine replica() {
        Confirmation confirmation = new Confirmation(ConfirmationMode.DESTRUCTIVE);
        return Wire.engine(new Gate())
                .stateKey(KEY)
                .tools(List.of(MCPTool.builder("delete_orders", Prefix.class, Deleted.class)
                        .description("Deletes orders.")
                        .resultHandler((arguments, context) ->
                                confirmation.run(new Deletion(arguments.prefix()), false, null, context))
                        .build()))
                .build();
    }

    @Test
    void replayedConsent_changesNothing() {
        MCPEngine engine = replica();
        String call = "\"name\": \"delete_orders\", \"arguments\": {\"prefix\": \"a\"}";
        JsonNode question =
                Answer.to(engine, Wire.modern("1", "tools/call", call, FORM)).result();
        String confirmed = Wire.modern(
                "2",
                "tools/call",
                call
                        + ", \"inputResponses\": {\"confirm\": {\"action\": \"accept\", \"content\": {\"proceed\": true}}},"
                        + " \"requestState\": " + question.get("requestState"),
                FORM);

        assertThat(Answer.to(replica(), confirmed)
                        .result()
                        .at("/structuredContent/orders")
                        .intValue())
                .isEqualTo(2);
        orders.add("a3");
        for (MCPEngine any : List.of(engine, replica())) {
            assertThat(Answer.to(any, confirmed)
                            .result()
                            .at("/structuredContent/code")
                            .asText())
                    .isEqualTo("PLAN_CHANGED");
        }
        assertThat(orders).containsExactly("b1", "a3");
    }
}
