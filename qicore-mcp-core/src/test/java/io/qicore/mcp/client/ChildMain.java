package io.qicore.mcp.client;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.stdio.StdioTransport;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A server on its standard streams: a good one, or one that misbehaves. */
public final class ChildMain {

    private static final String OLD =
            "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"serverInfo\":{\"name\":\"old\"}}";

    private ChildMain() {}

    public static void main(String[] args) throws Exception {
        System.err.println("child says \u0007");
        switch (args[0]) {
            case "good" -> serve();
            case "silent" ->
                new BufferedReader(new InputStreamReader(System.in)).lines().forEach(line -> {});
            case "stubborn" -> {
                // Ends neither when its input is closed nor when it is asked to.
                Runtime.getRuntime().addShutdownHook(new Thread(ChildMain::sleep));
                answer("new");
                sleep();
            }
            case "parent" -> {
                new ProcessBuilder("sleep", "60").inheritIO().start();
                answer("new");
                sleep();
            }
            default -> answer(args[0]);
        }
    }

    private static void serve() throws Exception {
        StdioTransport transport = StdioTransport.onProcess();
        try (TestServer server = new TestServer().with(ServerSettings.builder().transport(transport))) {
            server.start();
            transport.awaitEnd();
        }
    }

    private static void answer(String how) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            var message = Json.read(line.getBytes(StandardCharsets.UTF_8));
            String method = message.path("method").asText();
            if (!message.has("id")) {
                continue;
            }
            String id = message.get("id").toString();
            boolean isOld = !how.equals("new");
            switch (method) {
                case "server/discover" -> {
                    if (how.equals("dies-when-asked")) {
                        System.exit(3);
                    }
                    if (!isOld) {
                        result(id, "{\"supportedVersions\":[\"2026-07-28\"]}");
                    }
                }
                case "initialize" -> result(id, OLD);
                default -> {
                    switch (how) {
                        case "garbage" -> System.out.println("Welcome!\n\n{\"jsonrpc\":");
                        case "huge" -> System.out.println("x".repeat(2 << 20));
                        case "other-id" -> result("12345", "{}");
                        case "dies" -> System.exit(7);
                        case "mute" -> System.out.close();
                        case "mute-stubborn" -> {
                            Runtime.getRuntime().addShutdownHook(new Thread(ChildMain::sleep));
                            System.out.close();
                            sleep();
                        }
                        default -> result(id, "{\"content\":[{\"type\":\"text\",\"text\":\"" + method + "\"}]}");
                    }
                }
            }
            System.out.flush();
        }
    }

    private static void result(String id, String result) {
        System.out.println("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    private static void sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
