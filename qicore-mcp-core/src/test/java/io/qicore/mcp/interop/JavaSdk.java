package io.qicore.mcp.interop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.interop.Target.Sdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A server on the official Java SDK, which has the revisions before 2026-07-28. */
final class JavaSdk {

    private static final String MAIN = "io.qicore.mcp.benchmarks.javasdk.FeatureServer";

    private JavaSdk() {}

    static void run(Checks checks, String classPath) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String[] options = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath, MAIN};
        StdioEndpoint stdio = StdioEndpoint.of(java, plus(options, "stdio"));
        List<String> command = new ArrayList<>(List.of(plus(options, "http")));
        command.add(0, java);
        try (ServerProgram http = ServerProgram.start(command)) {
            List<Target> targets = new ArrayList<>();
            HttpEndpoint streamable = HttpEndpoint.of(http.uri("/mcp"));
            targets.add(target("HTTP, auto", streamable, ProtocolMode.auto(), "2025-11-25"));
            targets.add(target("stdio, auto", stdio, ProtocolMode.auto(), "2025-11-25"));
            targets.add(target("HTTP+SSE", HttpEndpoint.sse(http.uri("/sse")), ProtocolMode.auto(), "2024-11-05"));
            // The newest one is what auto finds.
            for (String revision : ProtocolMode.LEGACY_VERSIONS.subList(1, ProtocolMode.LEGACY_VERSIONS.size())) {
                if (!revision.equals("2024-11-05")) {
                    targets.add(target("HTTP, " + revision, streamable, ProtocolMode.pinned(revision), revision));
                }
                targets.add(target("stdio, " + revision, stdio, ProtocolMode.pinned(revision), revision));
            }
            targets.forEach(target -> {
                FeatureChecks.run(checks, target);
                if (target.mode() == ProtocolMode.auto()) {
                    AttackChecks.run(checks, target, target.endpoint() == stdio ? null : http);
                }
            });
            checks.check(
                    "Java SDK, revisions", "HTTP does not have 2024-11-05", () -> refuses(streamable, "2024-11-05"));
            checks.check(
                    "Java SDK, revisions", "HTTP does not have 2026-07-28", () -> refuses(streamable, "2026-07-28"));
            checks.check("Java SDK, revisions", "stdio does not have 2026-07-28", () -> refuses(stdio, "2026-07-28"));
        }
    }

    private static void refuses(ServerEndpoint endpoint, String revision) {
        try (MCPClient client = MCPClient.builder(endpoint)
                .protocol(ProtocolMode.pinned(revision))
                .build()) {
            assertThatThrownBy(client::listTools).isInstanceOf(MCPClientException.class);
        }
    }

    private static String[] plus(String[] options, String argument) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = argument;
        return all;
    }

    private static Target target(String name, ServerEndpoint endpoint, ProtocolMode mode, String revision) {
        return new Target("Java SDK, " + name, endpoint, mode, revision, Sdk.JAVA, true);
    }
}
