package io.qicore.mcp.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Messages that are almost right: of every method and revision, with faults in some places. Repeatable by its seed. */
final class Grammar {

    private static final List<String> METHODS = List.of(
            "server/discover",
            "initialize",
            "ping",
            "logging/setLevel",
            "tools/list",
            "tools/call",
            "tools/call",
            "tools/call",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "resources/subscribe",
            "resources/unsubscribe",
            "prompts/list",
            "prompts/get",
            "completion/complete",
            "subscriptions/listen",
            "tasks/get",
            "tasks/update",
            "tasks/cancel",
            "notifications/cancelled",
            "notifications/initialized");
    private static final List<String> VERSIONS =
            List.of("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2099-01-01", "", "x");
    private static final List<String> NASTY = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.0",
            "1.5",
            "1e400",
            "-1e400",
            "1e-400",
            "99999999999999999999999999",
            "9007199254740993",
            "1".repeat(1_100),
            "\"\"",
            "\" \"",
            "\"\\ud800\"",
            "\"\\u0000\\n\\r\"",
            "\"\u00e9\u4e2d\"",
            "\"%ff%zz%2e%2e%2f\"",
            "\"" + "x".repeat(3_000) + "\"",
            "[]",
            "{}",
            "[null]",
            "{\"a\": 1, \"a\": 2}",
            "{\"\": {}}",
            "[".repeat(1_200) + "]".repeat(1_200),
            "{\"a\":".repeat(600) + "1" + "}".repeat(600),
            "{\"children\": [".repeat(300) + "{}" + "]}".repeat(300),
            "{\"action\": \"accept\", \"content\": {\"proceed\": true}}",
            "{\"action\": \"accept\", \"content\": 1}",
            "NaN",
            "+1",
            "01",
            "'x'",
            "\"unclosed",
            "\\",
            "");
    private static final String CAPABILITIES = """
            {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}, "extensions": {"io.modelcontextprotocol/tasks": {}}}""";

    private static final List<Integer> FAULTS = List.of(14, 60, 1_000);

    private final Random random;

    /** One of how many parts is replaced. */
    private final int fault;

    Grammar(long seed) {
        random = new Random(seed);
        fault = one(FAULTS);
    }

    /** Input of {@link EngineFuzzer}. */
    byte[] engineInput() {
        if (random.nextInt(3) == 0) {
            String method = one(METHODS);
            String version = one(VERSIONS);
            return damaged(headers(method, version, "\n") + "\n" + message(method, version));
        }
        StringBuilder lines = new StringBuilder();
        if (random.nextBoolean()) {
            lines.append(message("initialize", one(VERSIONS))).append('\n');
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            lines.append(line()).append('\n');
        }
        return damaged(lines.toString());
    }

    private String line() {
        switch (random.nextInt(12)) {
            case 0:
                return "[" + message(one(METHODS), "2025-03-26") + ", " + message(one(METHODS), "2025-03-26") + "]";
            case 1:
                return "{\"jsonrpc\": \"2.0\", \"id\": \"$ASKED\", \"result\": "
                        + or("{\"action\": \"accept\", \"content\": {\"proceed\": true}}") + "}";
            case 2:
                return one(NASTY);
            default:
                return message(one(METHODS), one(VERSIONS));
        }
    }

    /** Input of {@link HttpFuzzer}. */
    byte[] httpInput() {
        String method = one(METHODS);
        String version = one(VERSIONS);
        byte[] body = message(method, version).getBytes(StandardCharsets.UTF_8);
        int length = random.nextInt(10) == 0 ? random.nextInt(100_000) : body.length;
        String framing = random.nextInt(8) == 0
                ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(length) + "\r\n"
                : "Content-Length: " + length + "\r\n\r\n";
        String start = random.nextInt(8) == 0 ? "GET / HTTP/1.1" : "POST /mcp HTTP/1.1";
        String accept = random.nextBoolean() ? "Accept: application/json, text/event-stream\r\n" : "";
        String head = start + "\r\nHost: localhost\r\nContent-Type: application/json\r\n" + accept
                + headers(method, version, "\r\n") + framing;
        byte[] request = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(StandardCharsets.ISO_8859_1), 0, request, 0, head.length());
        System.arraycopy(body, 0, request, head.length(), body.length);
        return damaged(request);
    }

    private String headers(String method, String version, String end) {
        String name = random.nextBoolean()
                ? "any"
                : "=?base64?" + Base64.getEncoder().encodeToString("any".getBytes(StandardCharsets.UTF_8)) + "?=";
        StringBuilder headers = new StringBuilder();
        header(headers, "MCP-Protocol-Version", version, end);
        header(headers, "Mcp-Method", method, end);
        header(headers, "Mcp-Name", name, end);
        if (random.nextInt(3) == 0) {
            header(headers, "Mcp-Param-Region", "eu", end);
            header(headers, "Mcp-Param-Shard", one(List.of("7", "7.0", "1e999999999", "x")), end);
        }
        if (random.nextInt(3) == 0) {
            String session = "{\"v\":\"" + version + "\",\"f\":[\"ELICITATION_FORM\"]}";
            header(
                    headers,
                    "Mcp-Session-Id",
                    Base64.getUrlEncoder().withoutPadding().encodeToString(session.getBytes(StandardCharsets.UTF_8)),
                    end);
        }
        return headers.toString();
    }

    private void header(StringBuilder headers, String name, String value, String end) {
        if (random.nextInt(12) > 0) {
            headers.append(name).append(": ").append(value).append(end);
        }
    }

    private String message(String method, String version) {
        String id = random.nextInt(8) == 0 ? "" : "\"id\": " + or(one(List.of("1", "\"a\"", "-7"))) + ", ";
        String meta = random.nextInt(3) == 0
                ? ""
                : ", \"_meta\": {\"io.modelcontextprotocol/protocolVersion\": " + or("\"" + version + "\"")
                        + ", \"io.modelcontextprotocol/clientCapabilities\": " + or(CAPABILITIES)
                        + ", \"progressToken\": " + or("5")
                        + ", \"io.modelcontextprotocol/logLevel\": " + or("\"debug\"")
                        + ", \"traceparent\": " + or("\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"")
                        + "}";
        return "{\"jsonrpc\": " + or("\"2.0\"") + ", " + id + "\"method\": " + or("\"" + method + "\"")
                + ", \"params\": " + or("{" + params(method, version) + meta + "}") + "}";
    }

    private String params(String method, String version) {
        String uri = one(List.of("\"fuzz://fixed\"", "\"fuzz://h/x-1-y/a/b\"", "\"fuzz://%41/x--y-y/%2F\""));
        switch (method) {
            case "initialize":
                return "\"protocolVersion\": " + or("\"" + version + "\"") + ", \"capabilities\": " + or(CAPABILITIES)
                        + ", \"clientInfo\": " + or("{\"name\": \"c\", \"version\": \"1\"}");
            case "tools/call":
                return "\"name\": " + or("\"" + one(List.of("typed", "any", "ask", "task", "chatter")) + "\"")
                        + ", \"arguments\": " + or(arguments()) + rounds();
            case "resources/read":
            case "resources/subscribe":
            case "resources/unsubscribe":
                return "\"uri\": " + or(uri);
            case "prompts/get":
                return "\"name\": " + or("\"greet\"") + ", \"arguments\": {\"name\": " + or("\"x\"") + "}" + rounds();
            case "completion/complete":
                return "\"ref\": "
                        + or(one(List.of(
                                "{\"type\": \"ref/prompt\", \"name\": \"greet\"}",
                                "{\"type\": \"ref/resource\", \"uri\": \"fuzz://{a}/x-{b}-y/{+rest}\"}")))
                        + ", \"argument\": " + or("{\"name\": \"name\", \"value\": \"v\"}")
                        + ", \"context\": " + or("{\"arguments\": {\"style\": \"s\"}}");
            case "subscriptions/listen":
                return "\"notifications\": "
                        + or("{\"toolsListChanged\": " + or("true") + ", \"resourceSubscriptions\": "
                                + or("[" + uri + "]") + ", \"taskIds\": " + or("[\"t\"]") + "}");
            case "logging/setLevel":
                return "\"level\": " + or("\"info\"");
            case "notifications/cancelled":
                return "\"requestId\": " + or("1");
            default:
                return method.startsWith("tasks/")
                        ? "\"taskId\": " + or("\"t\"") + ", \"inputResponses\": " + or("{}")
                        : "\"cursor\": " + or("\"\"");
        }
    }

    private String arguments() {
        return "{\"text\": " + or("\"t\"") + ", \"count\": " + or("1") + ", \"limit\": " + or("7")
                + ", \"ratio\": " + or("0.5") + ", \"region\": " + or("\"eu\"") + ", \"shard\": " + or("7")
                + ", \"children\": " + or("[{\"when\": " + or("\"2026-01-01T00:00:00Z\"") + "}]")
                + ", \"tree\": " + or("{\"children\": [{}]}") + ", \"step\": " + or("0.3") + ", \"one\": " + or("1")
                + "}";
    }

    private String rounds() {
        return random.nextInt(4) > 0
                ? ""
                : ", \"inputResponses\": " + or("{\"confirm\": " + or("{\"action\": \"accept\"}") + "}")
                        + ", \"requestState\": " + or("\"a.b\"");
    }

    /** The text, or now and then something else. */
    private String or(String text) {
        return random.nextInt(fault) == 0 ? one(NASTY) : text;
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private byte[] damaged(String text) {
        return damaged(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] damaged(byte[] bytes) {
        for (int i = random.nextInt(3) == 0 ? random.nextInt(4) : 0; i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(40) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }
}
