package io.qicore.mcp.interop;

import static io.qicore.mcp.interop.Checks.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.Subscription;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.interop.Target.Connection;
import io.qicore.mcp.interop.Target.Sdk;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server on the official TypeScript SDK 2, in both eras. */
final class TypeScriptSdk {

    private TypeScriptSdk() {}

    static void run(Checks checks, String node, Path folder) throws Exception {
        String script = folder.resolve("server.mjs").toString();
        try (ServerProgram http = ServerProgram.start(List.of(node, script, "http"))) {
            List<Target> targets = new ArrayList<>();
            HttpEndpoint both = HttpEndpoint.of(http.uri("/mcp"));
            StdioEndpoint stdio = StdioEndpoint.of(node, script, "stdio");
            targets.add(target("HTTP, auto", both, ProtocolMode.auto(), ProtocolMode.MODERN_VERSION, true));
            targets.add(target("stdio, auto", stdio, ProtocolMode.auto(), ProtocolMode.MODERN_VERSION, true));
            targets.add(target("HTTP without sessions, legacy", both, ProtocolMode.legacy(), "2025-11-25", false));
            for (String revision : ProtocolMode.LEGACY_VERSIONS) {
                targets.add(target(
                        "HTTP with sessions, " + revision,
                        HttpEndpoint.of(http.uri("/session")),
                        ProtocolMode.pinned(revision),
                        revision,
                        true));
                targets.add(target("stdio, " + revision, stdio, ProtocolMode.pinned(revision), revision, true));
            }
            targets.forEach(target -> {
                FeatureChecks.run(checks, target);
                if (target.isModern()) {
                    ModernChecks.run(checks, target);
                }
                // Once for each transport and era
                if (target.has("2025-11-25")) {
                    AttackChecks.run(checks, target, target.endpoint() == stdio ? null : http);
                }
            });
            modes(checks, http, node, script);
            sessions(checks, http);
        }
    }

    /** What happens if the revisions of client and server do not overlap. */
    private static void modes(Checks checks, ServerProgram http, String node, String script) {
        HttpEndpoint modern = HttpEndpoint.of(http.uri("/modern"));
        HttpEndpoint old = HttpEndpoint.of(http.uri("/session"));
        StdioEndpoint modernProgram = StdioEndpoint.of(node, script, "stdio-modern");
        String name = "TypeScript SDK, revisions";
        checks.check(
                name, "auto and 2026-07-28 only over HTTP", () -> speaks(modern, ProtocolMode.auto(), "2026-07-28"));
        checks.check(
                name,
                "auto and 2026-07-28 only over stdio",
                () -> speaks(modernProgram, ProtocolMode.auto(), "2026-07-28"));
        checks.check(name, "auto and older only over HTTP", () -> speaks(old, ProtocolMode.auto(), "2025-11-25"));
        checks.check(
                name,
                "modern and both",
                () -> speaks(HttpEndpoint.of(http.uri("/mcp")), ProtocolMode.modern(), "2026-07-28"));
        checks.check(name, "legacy and 2026-07-28 only over HTTP", () -> refuses(modern, ProtocolMode.legacy()));
        checks.check(
                name, "legacy and 2026-07-28 only over stdio", () -> refuses(modernProgram, ProtocolMode.legacy()));
        checks.check(name, "modern and older only over HTTP", () -> refuses(old, ProtocolMode.modern()));
    }

    private static void speaks(ServerEndpoint endpoint, ProtocolMode mode, String revision) {
        try (MCPClient client = MCPClient.builder(endpoint).protocol(mode).build()) {
            assertThat(client.call("add", Map.of("a", 1, "b", 1)).get("sum").intValue())
                    .isEqualTo(2);
            assertThat(client.discover().protocolVersion()).isEqualTo(revision);
        }
    }

    private static void refuses(ServerEndpoint endpoint, ProtocolMode mode) {
        try (MCPClient client = MCPClient.builder(endpoint).protocol(mode).build()) {
            assertThatThrownBy(() -> client.call("add", Map.of("a", 1, "b", 1)))
                    .isInstanceOfAny(MCPConnectionException.class, MCPProtocolException.class);
        }
    }

    /** Sessions end with the client, and are begun again if the server has forgotten them. */
    private static void sessions(Checks checks, ServerProgram http) {
        String name = "TypeScript SDK, HTTP with sessions";
        checks.check(name, "a session that the server has forgotten", () -> {
            Target target = target("", HttpEndpoint.of(http.uri("/session")), ProtocolMode.auto(), "2025-11-25", true);
            Queue<ServerChange> changes = new ConcurrentLinkedQueue<>();
            try (Connection connection = target.connect();
                    Subscription subscription = connection.client().subscribe(Set.of("test://static"), changes::add)) {
                assertThat(get(http, "/sessions")).isEqualTo("1");
                get(http, "/forget");
                assertThat(connection.client().tool("ask_form").result().text()).contains("Ada");
                assertThat(get(http, "/sessions")).isEqualTo("1");
                // Everything may have changed in the meantime.
                eventually(() -> assertThat(changes).contains(new ServerChange.Resource("test://static")));
                changes.clear();
                connection.client().call("change", Map.of("what", "prompts"));
                eventually(() -> assertThat(changes).contains(new ServerChange.Prompts()));
                assertThat(subscription).isNotNull();
            }
            assertThat(get(http, "/sessions")).isEqualTo("0");
        });
    }

    private static String get(ServerProgram http, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(http.uri(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Target target(
            String name, ServerEndpoint endpoint, ProtocolMode mode, String revision, boolean connected) {
        return new Target("TypeScript SDK, " + name, endpoint, mode, revision, Sdk.TYPESCRIPT, connected);
    }
}
