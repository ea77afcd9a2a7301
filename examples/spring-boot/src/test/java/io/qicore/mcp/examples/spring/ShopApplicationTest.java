package io.qicore.mcp.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.UserDetailsManager;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"shop.reader-password=reads", "shop.operator-password=operates"})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShopApplicationTest {

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private UserDetailsManager users;

    @Autowired
    private PasswordEncoder encoder;

    private MCPUser reader() {
        return new MCPUser(port, "reader", "reads");
    }

    private MCPUser operator() {
        return new MCPUser(port, "operator", "operates");
    }

    private MCPUser user(String name, String... roles) {
        users.createUser(User.withUsername(name)
                .password(encoder.encode("x"))
                .roles(roles)
                .build());
        return new MCPUser(port, name, "x");
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic "));
        assertThat(answer.body()).doesNotContain("list_orders");
    }

    @Test
    void withoutCredentials_isRefused() throws Exception {
        MCPUser nobody = reader();
        assertRefused(nobody.exchange(nobody.request("tools/list", Map.of())));
    }

    @Test
    void wrongPasswordOrUnknownUser_isRefused() throws Exception {
        for (MCPUser wrong : new MCPUser[] {
            new MCPUser(port, "reader", "operates"),
            new MCPUser(port, "nobody", "reads"),
            new MCPUser(port, "reader", "")
        }) {
            assertRefused(wrong.exchange(wrong.authorized(wrong.request("tools/list", Map.of()))));
        }
    }

    /** Spring Security decides about these. The MCP server would let no request in without a user, even if it did not. */
    @Test
    void otherPaths_needAUserAndACsrfToken() throws Exception {
        MCPUser operator = operator();
        URI other = URI.create("http://127.0.0.1:" + port + "/other");

        assertRefused(operator.exchange(HttpRequest.newBuilder(other)));
        HttpRequest.Builder post = HttpRequest.newBuilder(other).POST(HttpRequest.BodyPublishers.noBody());
        assertThat(operator.exchange(operator.authorized(post)).statusCode()).isEqualTo(403);
    }

    @Test
    void reader_seesOnlyWhatReads() throws Exception {
        JsonNode tools = reader().listTools().at("/result/tools");
        assertThat(tools.findValuesAsText("name")).containsExactly("list_orders");
        assertThat(reader().call("list_orders", Map.of()).at("/result/structuredContent/orders"))
                .hasSize(2);
    }

    @Test
    void reader_getsTheAnswerOfAnUnknownToolForAHiddenOne() throws Exception {
        JsonNode hidden = reader().call("cancel_order", Map.of("id", "A-1")).path("error");
        JsonNode unknown = reader().call("sell_shop", Map.of()).path("error");

        assertThat(hidden.path("code").asInt()).isEqualTo(-32602);
        assertThat(hidden.toString().replace("cancel_order", "sell_shop")).isEqualTo(unknown.toString());
        assertThat(order("A-1").path("state").asText()).isEqualTo("open");
    }

    @Test
    void operator_mayUseAllTools_andTheHandlerSeesTheUser() throws Exception {
        JsonNode tools = operator().listTools().at("/result/tools");
        assertThat(tools.findValuesAsText("name")).containsExactly("list_orders", "cancel_order");

        JsonNode cancelled =
                operator().call("cancel_order", Map.of("id", "A-2")).at("/result/structuredContent");
        assertThat(cancelled.path("state").asText()).isEqualTo("cancelled");
        assertThat(cancelled.path("cancelledBy").asText()).isEqualTo("operator");
        assertThat(order("A-2")).isEqualTo(cancelled);
    }

    @Test
    void userWithoutAKnownRole_seesNothing() throws Exception {
        MCPUser guest = user("guest", "GUEST");
        assertThat(guest.listTools().at("/result/tools")).isEmpty();
        assertThat(guest.call("list_orders", Map.of()).at("/error/code").asInt())
                .isEqualTo(-32602);
    }

    @Test
    void pageOfAnotherOrigin_isRefusedAlthoughItsBrowserHasThePassword() throws Exception {
        MCPUser operator = operator();
        HttpResponse<String> answer = operator.exchange(operator.authorized(operator.request("tools/list", Map.of()))
                .header("Origin", "https://other.example"));
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void subscription_endsWhenItsUserIsRemoved() throws Exception {
        try (BufferedReader removed = user("leaver", "READER").listen();
                BufferedReader disabled = user("sleeper", "READER").listen();
                BufferedReader demoted = user("climber", "OPERATOR").listen()) {
            users.deleteUser("leaver");
            users.updateUser(User.withUsername("sleeper")
                    .password("{noop}x")
                    .roles("READER")
                    .disabled(true)
                    .build());
            users.updateUser(User.withUsername("climber")
                    .password("{noop}x")
                    .roles("READER")
                    .build());
            for (BufferedReader stream : new BufferedReader[] {removed, disabled, demoted}) {
                assertThat(stream.lines()).anyMatch(line -> line.contains("\"result\""));
            }
        }
    }

    private JsonNode order(String id) throws Exception {
        for (JsonNode order : reader().call("list_orders", Map.of()).at("/result/structuredContent/orders")) {
            if (order.path("id").asText().equals(id)) {
                return order;
            }
        }
        throw new AssertionError("There is no order " + id);
    }
}
