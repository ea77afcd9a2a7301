package io.qicore.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.io.ByteArrayOutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What headers may and may not say, as tables, on every HTTP server. */
@ParameterizedClass
@EnumSource(HttpServing.class)
class HttpHeadersTest {

    private static final String CONTROL = "\u0001";
    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""";

    @Parameter
    HttpServing serving;

    private HttpServing.Running running;

    @BeforeEach
    void start() throws Exception {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties").putObject("region").put("type", "string").put("x-mcp-header", "Region");
        TestServer server = TestServer.of(
                "headers",
                List.of(MCPTool.builder("greet", schema)
                        .description("Says the region.")
                        .handler((arguments, context) -> arguments)
                        .build()));
        running = serving.start(
                server,
                HttpAccess.builder()
                        .allowedOrigins(Set.of("https://console.example", "http://my_host:3000"))
                        .allowedHosts(Set.of("mcp.example"))
                        .build());
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    /** The headers of a request, which a test changes. */
    private static final class Headers {
        private final Map<String, List<String>> values = new LinkedHashMap<>();

        static Headers of(String... namesAndValues) {
            Headers headers = new Headers();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                headers.values.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
            }
            return headers;
        }

        Headers with(String name, String... newValues) {
            Headers copy = new Headers();
            copy.values.putAll(values);
            copy.values.put(name, Arrays.asList(newValues));
            return copy;
        }
    }

    /** Sends a request in Latin-1, except the body, and returns the status with the code of a JSON-RPC error, if there is one. */
    private String send(Headers headers, String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("POST /mcp HTTP/1.1\r\n");
        Headers all = Headers.of(
                "Host",
                "localhost",
                "Accept",
                "application/json, text/event-stream",
                "Content-Type",
                "application/json",
                "Content-Length",
                "" + bytes.length,
                "Connection",
                "close");
        all.values.putAll(headers.values);
        all.values.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        try (RawHttp client = new RawHttp(running.uri())) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            request.writeBytes(bytes);
            client.bytes(request.toByteArray());
            String answer = client.readToEnd();
            String status = answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
            var code = java.util.regex.Pattern.compile("\"code\":(-[0-9]+)").matcher(answer);
            return code.find() ? status + " " + code.group(1) : status;
        }
    }

    private static String call(String params) {
        return """
                {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {%s%s"_meta": {
                 "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                 "io.modelcontextprotocol/clientCapabilities": {}}}}""".formatted(params, params.isEmpty() ? "" : ", ");
    }

    private static String base64(String text) {
        return "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    private static final String NAME = "greet";
    private static final String CALL = call("\"name\": \"greet\", \"arguments\": {\"region\": \"Zürich\"}");
    private static final Headers MODERN = Headers.of(
            "MCP-Protocol-Version",
            "2026-07-28",
            "Mcp-Method",
            "tools/call",
            "Mcp-Name",
            base64(NAME),
            "Mcp-Param-Region",
            base64("Zürich"));

    @Test
    void headersThatRepeatTheMessage_mustAgreeInEveryForm() throws Exception {
        Map<String, String> right = new LinkedHashMap<>();
        right.put("MCP-Protocol-Version", "2026-07-28");
        right.put("Mcp-Method", "tools/call");
        right.put("Mcp-Name", base64(NAME));
        right.put("Mcp-Param-Region", base64("Zürich"));
        SoftAssertions softly = new SoftAssertions();
        for (var entry : right.entrySet()) {
            String name = entry.getKey();
            String value = entry.getValue();
            boolean encodable = name.equals("Mcp-Name") || name.startsWith("Mcp-Param");
            String text = name.equals("Mcp-Name") ? NAME : "Zürich";
            if (name.equals("Mcp-Name")) {
                row(softly, name, "200", text);
            }
            row(softly, name, "200", value);
            row(softly, name, "200", " \t" + value + "\t ");
            row(softly, name, "400 -32020");
            row(softly, name, "400 -32020", "");
            row(softly, name, "400 -32020", " \t ");
            row(softly, name, "400 -32020", value + "x");
            row(softly, name, "400 -32020", value.substring(1));
            row(softly, name, "400 -32020", swapCase(value));
            row(softly, name, "400 -32020", value, value);
            row(softly, name, "400 -32020", value, "");
            row(softly, name, "400 -32020", "", value);
            row(softly, name, "400 -32020", "other", value);
            row(softly, name, "400 -32020", value + ", " + value);
            row(softly, name, "400 -32020", value.charAt(0) + "\t" + value.substring(1));
            row(softly, name, "400 -32020", value + "\u00a0");
            row(softly, name, "400 -32020", "x".repeat(6000));
            // Refused by the HTTP parser, before there is a message.
            refused(softly, name, value + CONTROL);
            refused(softly, name, CONTROL);
            refused(softly, name, value + "\u0000");
            refused(softly, name, "x".repeat(20_000));
            if (encodable) {
                // Raw text that needs the Base64 form, in Latin-1 and in UTF-8.
                row(softly, name, "400 -32020", "Zürich");
                row(softly, name, "400 -32020", latin1OfUtf8("Zürich"));
                row(softly, name, "400 -32020", base64(text).replace("=?=", "?="));
                row(softly, name, "400 -32020", base64(text).replace("base64", "BASE64"));
                row(softly, name, "400 -32020", base64(text).replace("?=", ""));
                row(softly, name, "400 -32020", "=?base64?????=");
                row(softly, name, "400 -32020", "=?base64??=");
                row(softly, name, "400 -32020", "=?base64?/w==?=");
                row(softly, name, "400 -32020", base64("other"));
                row(softly, name, "400 -32020", base64(base64(text)));
            } else {
                row(softly, name, "400 -32020", base64(value));
            }
        }
        softly.assertAll();
    }

    private static String swapCase(String value) {
        return value.chars()
                .mapToObj(c -> String.valueOf(
                        (char) (Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))))
                .reduce("", String::concat)
                .replace("2026-07-28", "2026-07-28 ")
                .replace("2026-07-28 ", "2026-7-28");
    }

    private static String latin1OfUtf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void row(SoftAssertions softly, String name, String wanted, String... values) throws Exception {
        softly.assertThat(send(MODERN.with(name, values), CALL))
                .as("%s: %s", name, Arrays.toString(values))
                .isEqualTo(wanted);
    }

    private void refused(SoftAssertions softly, String name, String value) throws Exception {
        String answer;
        try {
            answer = send(MODERN.with(name, value), CALL);
        } catch (SocketException closed) {
            // The server closes before it has read the rest, and the client may miss the answer.
            answer = value.length() > 100 ? "431 -32600" : "closed";
        }
        if (serving != HttpServing.BUNDLED) {
            answer = answer.substring(0, 3);
        }
        softly.assertThat(answer)
                .as("%s: %s", name, value.length() > 100 ? "long" : value)
                .matches(
                        serving == HttpServing.BUNDLED
                                ? value.length() > 100 ? "431 -32600" : "400 -32020"
                                : "4(00|31)");
    }

    @Test
    void nameThatIsNotAscii_needsTheBase64Form() throws Exception {
        String call = call("\"name\": \"grüße\"");
        assertThat(send(MODERN.with("Mcp-Name", base64("grüße")).with("Mcp-Param-Region"), call))
                .isEqualTo("200 -32602");
        assertThat(send(MODERN.with("Mcp-Name", "grüße"), call)).isEqualTo("400 -32020");
        assertThat(send(MODERN.with("Mcp-Name", latin1OfUtf8("grüße")), call)).isEqualTo("400 -32020");
        String tab = call("\"name\": \"a\\tb\"");
        assertThat(send(MODERN.with("Mcp-Name", base64("a\tb")), tab)).isEqualTo("200 -32602");
        assertThat(send(MODERN.with("Mcp-Name", "a\tb"), tab)).isEqualTo("400 -32020");
    }

    @Test
    void nameInTheHeader_needsANameInTheMessage() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        List<List<String>> named = List.of(
                List.of("tools/call", "name"),
                List.of("prompts/get", "name"),
                List.of("resources/read", "uri"),
                List.of("tasks/get", "taskId"),
                List.of("tasks/update", "taskId"),
                List.of("tasks/cancel", "taskId"));
        for (List<String> method : named) {
            for (String params : List.of(
                    "",
                    "\"%s\": null".formatted(method.get(1)),
                    "\"%s\": 7".formatted(method.get(1)),
                    "\"%s\": [\"x\"]".formatted(method.get(1)))) {
                Headers headers = Headers.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method.get(0));
                String message = call(params).replace("tools/call", method.get(0));
                softly.assertThat(send(headers.with("Mcp-Name", "x"), message))
                        .as("%s with the header and %s", method, params)
                        .isEqualTo("400 -32020");
                softly.assertThat(send(headers, message))
                        .as("%s without the header and %s", method, params)
                        .isIn("200 -32602", "404 -32601");
            }
        }
        // Other methods are not named.
        softly.assertThat(send(
                        Headers.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list", "Mcp-Name", "x"),
                        call("").replace("tools/call", "tools/list")))
                .isEqualTo("200");
        softly.assertAll();
    }

    @Test
    void contentType_isJsonInUtf8() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        for (String good : List.of(
                "application/json",
                "Application/JSON",
                "application/json;charset=utf-8",
                "application/json; charset=UTF-8",
                "application/json; charset=\"utf-8\"",
                "application/json;charset=utf8",
                "application/json;",
                "application/json ; profile=\"a;b,c\"",
                "application/json;profile=\"x\\\"y\"; charset=utf-8")) {
            softly.assertThat(send(Headers.of("Content-Type", good), PING))
                    .as(good)
                    .isEqualTo("200");
        }
        for (String bad : List.of(
                "",
                "application/jsonx",
                "application/json-seq",
                "application/json+x",
                "application/vnd.api+json",
                "application/*",
                "*/*",
                "json",
                "text/json",
                "text/plain",
                "application/json, text/plain",
                "application/json; charset=utf-16",
                "application/json; charset=iso-8859-1",
                "application/json; charset=\"utf-7\"",
                "application/json; charset=utf-8; charset=utf-16",
                "application/json; charset",
                "application/json; charset=",
                "application/json; charset=\"utf-8",
                "application/json; =utf-8",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=application/json")) {
            softly.assertThat(send(Headers.of("Content-Type", bad), PING))
                    .as(bad)
                    .startsWith("415");
        }
        softly.assertThat(send(Headers.of().with("Content-Type"), PING))
                .as("none")
                .startsWith("415");
        softly.assertThat(send(Headers.of().with("Content-Type", "application/json", "text/plain"), PING))
                .as("two")
                .matches("4(15|00).*");
        softly.assertAll();
    }

    @Test
    void accept_isReadByItsGrammar() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        for (String good : List.of(
                "",
                "application/json",
                "APPLICATION/JSON",
                "*/*",
                "application/*",
                "text/*",
                "text/event-stream",
                "application/json;q=0.001",
                "application/json;q=1.000",
                "application/json; Q=1",
                "text/html, application/json;q=0",
                "application/json;charset=utf-8",
                "text/plain;x=\"a,b;q=0\", application/json",
                "application/json;q=0, text/event-stream",
                "text/html;q=0.9, */*;q=0.1",
                ", ,application/json,")) {
            boolean none = good.equals("text/html, application/json;q=0");
            softly.assertThat(send(Headers.of("Accept", good), PING)).as(good).startsWith(none ? "406" : "200");
        }
        for (String bad : List.of(
                "application/jsonx",
                "application/json-seq",
                "xapplication/json",
                "text/event-streams",
                "text/plain",
                "application/json;q=0",
                "application/json;q=0.0",
                "application/json; q=0.000",
                "application/json;q=\"0\"",
                "application/json;q=0, application/*",
                "*/*;q=0",
                "application/json;q=0, */*;q=0",
                "application/xml, text/html",
                "text/plain;x=\"application/json\"",
                "text/plain;x=\", application/json\"",
                "json",
                "application/json;q=2",
                "application/json;q=-1",
                "application/json;q=0.0001",
                "application/json;q=NaN")) {
            softly.assertThat(send(Headers.of("Accept", bad), PING)).as(bad).startsWith("406");
        }
        softly.assertThat(send(Headers.of().with("Accept"), PING)).as("none").isEqualTo("200");
        softly.assertThat(send(Headers.of().with("Accept", "text/html", "application/json"), PING))
                .as("two")
                .isEqualTo("200");
        softly.assertAll();
    }

    @Test
    void contentEncoding_isIdentity() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        for (String good : List.of("identity", "Identity", "", "identity, identity")) {
            softly.assertThat(send(Headers.of("Content-Encoding", good), PING))
                    .as(good)
                    .isEqualTo("200");
        }
        for (String bad : List.of(
                "gzip",
                "GZIP",
                "x-gzip",
                "deflate",
                "br",
                "zstd",
                "compress",
                "aws-chunked",
                "gzip, identity",
                "identity, gzip",
                "unknown",
                "identity;q=1")) {
            softly.assertThat(send(Headers.of("Content-Encoding", bad), PING))
                    .as(bad)
                    .startsWith("415");
        }
        softly.assertAll();
    }

    @Test
    void origin_isOneThatIsAllowed() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        for (String good : List.of(
                "http://localhost",
                "http://localhost:3000",
                "https://localhost:8443",
                "http://127.0.0.1:1",
                "http://[::1]:3000",
                "http://[::1]",
                "HTTP://LOCALHOST:3000",
                "https://console.example",
                "https://console.example:443",
                "HTTPS://Console.Example",
                "http://my_host:3000")) {
            softly.assertThat(send(Headers.of("Origin", good), PING)).as(good).isEqualTo("200");
        }
        for (String bad : List.of(
                "",
                "null",
                "NULL",
                "file://",
                "file://localhost",
                "chrome-extension://localhost",
                "moz-extension://127.0.0.1",
                "vscode-webview://localhost",
                "capacitor://localhost",
                "ws://localhost",
                "ftp://localhost",
                "javascript://localhost",
                "about:blank",
                "localhost",
                "//localhost",
                "http:localhost",
                "http://",
                "http:///",
                "http://localhost/",
                "http://localhost/x",
                "http://localhost?x",
                "http://localhost#x",
                "http://localhost.",
                "http://localhost.:3000",
                "http://127.0.0.1.",
                "http://localhost:",
                "http://localhost:99999",
                "http://localhost:0x50",
                "http://localhost:-1",
                "http://localhost.evil.example",
                "http://evil.example#localhost",
                "http://evil.example/localhost",
                "http://localhost@evil.example",
                "http://evil@localhost",
                "http://evil.example:80@localhost",
                "http://127.0.0.1.evil.example",
                "http://127.1",
                "http://0.0.0.0",
                "http://2130706433",
                "http://0x7f.1",
                "http://[::]",
                "http://[::ffff:127.0.0.1]",
                "http://[0:0:0:0:0:0:0:1]",
                "http://[::1",
                "http://::1",
                "http://lоcalhost",
                "http://localhost%00.evil.example",
                "http://localhost http://evil.example",
                "http://localhost, http://evil.example",
                "http://localhost http://localhost",
                "http://console.example",
                "https://console.example:8443",
                "https://console.example.",
                "https://console.example.evil.example",
                "https://evil-console.example",
                "https://sub.console.example",
                "https://console.example, https://console.example",
                "http://my_host",
                "*",
                "http://*")) {
            softly.assertThat(send(Headers.of("Origin", bad), PING)).as(bad).startsWith("403");
        }
        softly.assertThat(send(Headers.of().with("Origin", "http://localhost", "http://evil.example"), PING))
                .as("two")
                .startsWith("403");
        softly.assertThat(send(Headers.of().with("Origin", "http://localhost", "http://localhost"), PING))
                .as("twice")
                .startsWith("403");
        softly.assertAll();
    }

    @Test
    void host_isANameOfThisServer() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        for (String good : List.of(
                "localhost",
                "LocalHost:1",
                "127.0.0.1",
                "127.0.0.1:65535",
                "[::1]",
                "[::1]:80",
                "mcp.example",
                "MCP.Example:443")) {
            softly.assertThat(send(Headers.of("Host", good), PING)).as(good).isEqualTo("200");
        }
        for (String bad : List.of(
                "evil.example",
                "localhost.evil.example",
                "evil.example:80",
                "localhost.",
                "mcp.example.",
                "127.0.0.1.evil.example",
                "127.1",
                "0.0.0.0",
                "[::]",
                "[::ffff:127.0.0.1]",
                "sub.mcp.example",
                "localhost, evil.example",
                "localhost@evil.example",
                "evil.example@localhost",
                "localhost/evil.example",
                "localhost:80:80",
                "localhost:evil",
                "lоcalhost",
                "localhost\tevil",
                " ")) {
            softly.assertThat(send(Headers.of("Host", bad), PING)).as(bad).matches("40[03].*");
        }
        softly.assertThat(send(Headers.of().with("Host", "localhost", "evil.example"), PING))
                .as("two")
                .startsWith("400");
        softly.assertThat(send(Headers.of().with("Host"), PING)).as("none").startsWith("400");
        // A proxy that nobody has named cannot say who was addressed.
        softly.assertThat(send(Headers.of("Host", "evil.example", "X-Forwarded-Host", "localhost"), PING))
                .startsWith("403");
        softly.assertThat(send(Headers.of("X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example"), PING))
                .isEqualTo("200");
        softly.assertAll();
    }

    @Test
    void target_doesNotReplaceTheHost() throws Exception {
        List<String> answers = new ArrayList<>();
        for (String target : List.of("http://evil.example/mcp", "http://evil.example:80/mcp", "//evil.example/mcp")) {
            try (RawHttp client = new RawHttp(running.uri())) {
                client.raw("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: " + PING.length() + "\r\n\r\n" + PING);
                answers.add(client.readToEnd().substring(9, 12));
            }
        }
        assertThat(answers).doesNotContain("200");
    }
}
