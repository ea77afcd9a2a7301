package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.Threads;
import io.qicore.mcp.client.ForeignServer.Request;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are odd: what can be understood is used, what cannot is a typed error, and nothing waits for the timeout. */
class OddServerTest {

    private static final String OK = "{\"content\": [], \"structuredContent\": {\"ok\": true}}";
    private static final String TOOL = "{\"name\": \"t\", \"inputSchema\": {\"type\": \"object\"}";

    private static final Function<MCPClient, Object> CALL = client -> client.call("t", Map.of());
    private static final Function<MCPClient, Object> LIST = MCPClient::listTools;
    private static final Function<MCPClient, Object> CHECKED =
            client -> client.tool("t").checkResult().call();

    /**
     * An odd answer.
     *
     * @param failure what the caller gets; null for a result
     * @param says a part of the message of the failure, or of the result
     */
    private record Odd(
            String name,
            Function<MCPClient, Object> use,
            ForeignServer.Script script,
            @Nullable Class<? extends RuntimeException> failure,
            String says) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Odd fails(String name, ForeignServer.Script script, String says) {
        return new Odd(name, CALL, script, MCPConnectionException.class, says);
    }

    private static Odd works(String name, ForeignServer.Script script) {
        return new Odd(name, CALL, script, null, "true");
    }

    private static ForeignServer.Script json(String text) {
        return request -> request.json(200, filled(request, text));
    }

    private static ForeignServer.Script stream(String text) {
        return request -> request.event(request.events(), filled(request, text));
    }

    /** ID stands for the id of the request, OK for a result. */
    private static String filled(Request request, String text) {
        return text.replace("ID", request.id().asText()).replace("OK", OK);
    }

    private static ForeignServer.Script typed(int status, String type, String text) {
        return request -> request.send(status, type, filled(request, text));
    }

    private static ForeignServer.Script tools(String more) {
        return request -> request.result(
                request.method().equals("tools/list")
                        ? "{\"tools\": [" + TOOL + ", \"outputSchema\": " + more + "}]}"
                        : "{\"content\": [], \"structuredContent\": {\"s\": \"" + "a".repeat(40) + "!\"}}");
    }

    static Stream<Odd> odd() {
        String answer = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":OK}";
        return Stream.of(
                fails("id as a fraction", json("{\"id\":ID.0,\"result\":OK}"), "without the JSON-RPC response"),
                fails(
                        "id beyond a long that wraps to the right one",
                        request -> request.json(
                                200,
                                "{\"id\":"
                                        + java.math.BigInteger.TWO
                                                .pow(64)
                                                .add(java.math.BigInteger.valueOf(
                                                        request.id().longValue()))
                                        + ",\"result\":" + OK + "}"),
                        "without the JSON-RPC response"),
                works("the same answer twice", stream("data: " + answer + "\n\ndata: " + answer + "\n\n")),
                fails("null as the result", json("{\"id\":ID,\"result\":null}"), "neither"),
                fails("text as the result", json("{\"id\":ID,\"result\":\"x\"}"), "neither"),
                fails(
                        "result and error",
                        json("{\"id\":ID,\"result\":OK,\"error\":{\"code\":1,\"message\":\"m\"}}"),
                        "both"),
                works("result and null as the error", json("{\"id\":ID,\"result\":OK,\"error\":null}")),
                new Odd(
                        "error and null as the result",
                        CALL,
                        json("{\"id\":ID,\"result\":null,\"error\":{\"code\":-5,\"message\":\"m\"}}"),
                        MCPProtocolException.class,
                        "-5"),
                fails("error without a code", json("{\"id\":ID,\"error\":{\"message\":\"m\"}}"), "neither"),
                fails("error with a text as code", json("{\"id\":ID,\"error\":{\"code\":\"1\"}}"), "neither"),
                fails(
                        "error with a code beyond an int",
                        json("{\"id\":ID,\"error\":{\"code\":4294967297}}"),
                        "neither"),
                new Odd(
                        "error without a message",
                        CALL,
                        json("{\"id\":ID,\"error\":{\"code\":-7}}"),
                        MCPProtocolException.class,
                        "-7"),
                new Odd(
                        "error with an object as message",
                        CALL,
                        json("{\"id\":ID,\"error\":{\"code\":-7,\"message\":{}}}"),
                        MCPProtocolException.class,
                        "-7"),
                new Odd(
                        "error without an id",
                        CALL,
                        json("{\"error\":{\"code\":-7,\"message\":\"m\"}}"),
                        MCPProtocolException.class,
                        "-7"),
                works("a batch", json("[" + answer + "]")),
                fails("a batch in a batch", json("[[" + answer + "]]"), "without the JSON-RPC response"),
                fails("an empty batch", json("[]"), "without the JSON-RPC response"),
                fails("a number", json("5"), "without the JSON-RPC response"),
                fails("null", json("null"), "without the JSON-RPC response"),
                fails("an empty body", typed(200, "application/json", ""), "JSON"),
                fails("202 to a request", typed(202, "application/json", ""), "202"),
                fails("204 to a request", request -> request.status(204), "204"),
                fails("206 with a part", typed(206, "text/event-stream", "data: x\n\n"), "206"),
                fails("no media type", request -> request.send(200, "", filled(request, answer)), "without JSON"),
                fails("JSON as text", typed(200, "text/plain", answer), "without JSON"),
                works("media type in other letters", typed(200, "Application/JSON; Charset=\"UTF-8\"", answer)),
                works("stream in other letters", request -> {
                    request.send(200, "Text/Event-Stream;charset=utf-8", filled(request, "data: " + answer + "\n\n"));
                }),
                works("stream with CR only", stream("data: " + answer + "\r\r")),
                works("stream with a byte order mark", stream("\ufeffdata: " + answer + "\n\n")),
                works(
                        "stream with odd fields",
                        stream("retry: 99999999999999999999\nid: a\0b\nid\nevent\n:\n\ndata: " + answer + "\n\n")),
                works("answer in an event of another name", stream("event: other\ndata: " + answer + "\n\n")),
                fails("two keys", json("{\"id\":ID,\"result\":OK,\"result\":OK}"), "JSON"),
                fails(
                        "nested deeply",
                        json("{\"id\":ID,\"result\":{\"structuredContent\":" + "[".repeat(300) + "]".repeat(300)
                                + "}}"),
                        "JSON"),
                fails("more after the answer", json(answer + "x"), "JSON"),
                fails("two answers in one body", json(answer + answer), "JSON"),
                fails("NaN", json("{\"id\":ID,\"result\":{\"structuredContent\":NaN}}"), "JSON"),
                fails(
                        "a number of endless length",
                        json("{\"id\":ID,\"result\":{\"structuredContent\":1e999999999}}"),
                        ""),
                fails(
                        "a control character in a text",
                        json("{\"id\":ID,\"result\":{\"structuredContent\":\"\u0001\"}}"),
                        "JSON"),
                works(
                        "progress of nonsense",
                        stream(
                                "data: {\"method\":\"notifications/progress\",\"params\":{\"progressToken\":ID,\"progress\":\"x\"}}\n\n"
                                        + "data: {\"method\":\"notifications/progress\",\"params\":{\"progressToken\":ID}}\n\n"
                                        + "data: {\"method\":\"notifications/progress\",\"params\":[1]}\n\n"
                                        + "data: {\"method\":\"notifications/progress\"}\n\n"
                                        + "data: {\"method\":\"notifications/progress\",\"params\":{\"progressToken\":{},\"progress\":1}}\n\n"
                                        + "data: {\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1e400,\"progress\":-1}}\n\n"
                                        + "data: " + answer + "\n\n")),
                works(
                        "notifications of nonsense",
                        stream("data: {\"method\":5}\n\ndata: {\"method\":\"\"}\n\ndata: []\n\ndata: 7\n\n"
                                + "data: {\"method\":\"notifications/message\",\"params\":5}\n\n"
                                + "data: {\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":5}}\n\n"
                                + "data: {\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":ID}}\n\n"
                                + "data: {\"method\":\"notifications/tasks\",\"params\":{\"taskId\":5}}\n\n"
                                + "data: " + answer + "\n\n")),
                works(
                        "a request of the server",
                        stream(
                                "data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"sampling/createMessage\",\"params\":{}}\n\n"
                                        + "data: " + answer + "\n\n")),
                fails("unknown type of result", json("{\"id\":ID,\"result\":{\"resultType\":\"later\"}}"), "'later'"),
                fails("number as type of result", json("{\"id\":ID,\"result\":{\"resultType\":5}}"), "'5'"),
                works(
                        "null as type of result",
                        json("{\"id\":ID,\"result\":{\"resultType\":null,\"structuredContent\":{\"ok\":true}}}")),
                new Odd(
                        "content that is none",
                        client -> client.tool("t").result().content(),
                        json(
                                "{\"id\":ID,\"result\":{\"content\":[null,5,\"x\",{},{\"type\":\"new\"},{\"type\":\"text\"}]}}"),
                        null,
                        "Text"),
                new Odd(
                        "content as an object",
                        client -> client.tool("t").result().content(),
                        json("{\"id\":ID,\"result\":{\"content\":{\"a\":1}}}"),
                        null,
                        "[]"),
                new Odd(
                        "failed without content",
                        CALL,
                        json("{\"id\":ID,\"result\":{\"isError\":true}}"),
                        MCPToolError.class,
                        "t has failed and does not say why"),
                new Odd(
                        "failed with odd content",
                        CALL,
                        json(
                                "{\"id\":ID,\"result\":{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"{\\\"code\\\":5}\"}],\"structuredContent\":{\"code\":\"\",\"message\":null}}}"),
                        MCPToolError.class,
                        ""),
                new Odd(
                        "question without a method",
                        CALL,
                        json("{\"id\":ID,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":5}}}"),
                        MCPInputException.class,
                        "asks for"),
                new Odd(
                        "questions as an array",
                        CALL,
                        json("{\"id\":ID,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":[5]}}"),
                        MCPConnectionException.class,
                        "without a question"),
                new Odd(
                        "33 questions",
                        CALL,
                        request -> {
                            StringBuilder many = new StringBuilder();
                            for (int i = 0; i < 33; i++) {
                                many.append(i == 0 ? "" : ",")
                                        .append("\"q")
                                        .append(i)
                                        .append("\":{\"method\":\"roots/list\"}");
                            }
                            request.result("{\"resultType\":\"input_required\",\"inputRequests\":{" + many + "}}");
                        },
                        MCPInputException.class,
                        "33"),
                new Odd(
                        "page with a script",
                        CALL,
                        json(
                                "{\"id\":ID,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"javascript:alert(1)\"}}}}}"),
                        MCPInputException.class,
                        "neither https"),
                new Odd(
                        "question for a list",
                        LIST,
                        json("{\"id\":ID,\"result\":{\"resultType\":\"input_required\",\"requestState\":\"s\"}}"),
                        MCPConnectionException.class,
                        "without tools"),
                new Odd("cursors without end", LIST, endlessPages("[]"), MCPConnectionException.class, "1000 pages"),
                new Odd(
                        "large pages without end",
                        LIST,
                        endlessPages("[{\"name\":\"" + "x".repeat(8 << 20) + "\"}]"),
                        MCPConnectionException.class,
                        "bytes"),
                new Odd(
                        "many items without end",
                        LIST,
                        endlessPages("[" + "{},".repeat(20_000) + "{}]"),
                        MCPConnectionException.class,
                        "100000 items"),
                new Odd(
                        "cursor that is an object",
                        LIST,
                        request -> request.result(
                                request.params().path("cursor").isObject()
                                        ? "{\"tools\":[]}"
                                        : "{\"tools\":[],\"nextCursor\":{\"a\":1}}"),
                        null,
                        "[]"),
                new Odd(
                        "tools of one name",
                        client -> client.listTools().size(),
                        json("{\"id\":ID,\"result\":{\"tools\":[" + TOOL + "}," + TOOL + "}]}}"),
                        null,
                        "2"),
                new Odd(
                        "tools that are none",
                        LIST,
                        json("{\"id\":ID,\"result\":{\"tools\":[null,5,[],{},\"x\"," + TOOL
                                + ",\"outputSchema\":\"x\"}," + TOOL + ",\"annotations\":[]}]}}"),
                        null,
                        "[]"),
                new Odd(
                        "schema that refers to itself",
                        CHECKED,
                        tools("{\"$ref\":\"#\"}"),
                        MCPConnectionException.class,
                        "cannot be used"),
                new Odd(
                        "schema with a pattern that backtracks",
                        CHECKED,
                        tools("{\"properties\":{\"s\":{\"pattern\":\"^(a+)+\\\\1z$\"}}}"),
                        MCPConnectionException.class,
                        "takes too long"),
                new Odd(
                        "schema with a pattern that is none",
                        CHECKED,
                        tools("{\"properties\":{\"s\":{\"pattern\":\"(\"}}}"),
                        MCPConnectionException.class,
                        ""),
                new Odd(
                        "schema of a file",
                        CHECKED,
                        tools("{\"$ref\":\"file:///etc/passwd\"}"),
                        MCPConnectionException.class,
                        "cannot be used"),
                new Odd(
                        "schema of a metadata service",
                        CHECKED,
                        tools("{\"$schema\":\"http://169.254.169.254/x\",\"type\":\"object\"}"),
                        MCPConnectionException.class,
                        "cannot be used"),
                new Odd(
                        "schema of nonsense",
                        CHECKED,
                        tools("{\"type\":7,\"properties\":[],\"required\":{}}"),
                        MCPConnectionException.class,
                        ""),
                fails("308", redirect(308, "https://evil.example/mcp"), "evil.example"),
                fails("300 to nowhere", request -> request.send(300, "text/plain", ""), "nowhere"),
                fails("redirect to a script", redirect(302, "javascript:alert(1)"), "another path"),
                fails("redirect of odd characters", redirect(302, "http://a\u0001b/"), "Cannot reach"),
                new Odd(
                        "resource without contents",
                        client -> client.readResource("r://x"),
                        json("{\"id\":ID,\"result\":{}}"),
                        MCPConnectionException.class,
                        "without the contents"),
                new Odd(
                        "resource that is not Base64",
                        client -> client.readResource("r://x"),
                        json("{\"id\":ID,\"result\":{\"contents\":[{\"uri\":\"r://x\",\"blob\":\"***\"}]}}"),
                        MCPConnectionException.class,
                        "Base64"),
                new Odd(
                        "resource whose blob is null",
                        client -> client.readResource("r://x"),
                        json("{\"id\":ID,\"result\":{\"contents\":[{\"uri\":\"r://x\",\"blob\":null}]}}"),
                        MCPConnectionException.class,
                        "missing"),
                new Odd(
                        "prompt of nonsense",
                        client -> client.getPrompt("p", Map.of()).messages(),
                        json("{\"id\":ID,\"result\":{\"messages\":[5,{},{\"role\":\"x\",\"content\":[]}]}}"),
                        null,
                        "[]"),
                new Odd(
                        "completion of nonsense",
                        client -> client.completePromptArgument("p", "a", "", Map.of())
                                .values(),
                        json("{\"id\":ID,\"result\":{\"completion\":{\"values\":5,\"total\":-1,\"hasMore\":\"x\"}}}"),
                        null,
                        "[]"),
                new Odd(
                        "structured result of a scalar",
                        CALL,
                        json("{\"id\":ID,\"result\":{\"structuredContent\":7}}"),
                        null,
                        "7"));
    }

    private static ForeignServer.Script redirect(int status, String to) {
        return request -> {
            request.header("Location", to);
            request.send(status, "text/plain", "");
        };
    }

    private static ForeignServer.Script endlessPages(String items) {
        AtomicInteger page = new AtomicInteger();
        return request -> request.result("{\"tools\":" + items + ",\"nextCursor\":\"" + page.incrementAndGet() + "\"}");
    }

    @AfterEach
    void nothingIsLeft() {
        Threads.awaitNone("mcp-client");
    }

    @ParameterizedTest
    @MethodSource
    void odd(Odd odd) throws Exception {
        try (ForeignServer server = new ForeignServer(odd.script());
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.modern())
                        .timeout(Gate.PATIENCE.multipliedBy(3))
                        .onPage(page -> page.accept())
                        .build()) {
            long start = System.nanoTime();
            Object[] result = new Object[1];
            Throwable failure = catchThrowable(() -> result[0] = odd.use().apply(client));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Gate.PATIENCE.multipliedBy(3));
            if (odd.failure() == null) {
                assertThat(failure).isNull();
                assertThat(String.valueOf(result[0])).contains(odd.says());
            } else {
                assertThat(failure).isInstanceOf(odd.failure());
                assertThat(String.valueOf(failure.getMessage()))
                        .contains(odd.says())
                        .hasSizeLessThan(2_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[null, 5, {}]", "[\"2099-01-01\"]", "{}", "\"2026-07-28\"", "null"})
    void oddVersions_areATypedError(String versions) throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.method().equals("server/discover")) {
                        request.result("{\"supportedVersions\": " + versions + "}");
                    } else {
                        request.error(400, -32601, "null");
                    }
                });
                MCPClient client = MCPClient.http(server.uri())) {
            assertThat(catchThrowable(() -> client.call("t", Map.of())))
                    .isInstanceOfAny(MCPConnectionException.class, MCPProtocolException.class);
        }
    }

    @Test
    void endlessListOfVersions_makesAShortMessage() throws Exception {
        String many = "\"2099-01-01\",".repeat(100_000);
        try (ForeignServer server =
                        new ForeignServer(request -> request.result("{\"supportedVersions\": [" + many + "\"x\"]}"));
                MCPClient client = MCPClient.http(server.uri())) {
            Throwable failure = catchThrowable(() -> client.call("t", Map.of()));
            assertThat(failure).isInstanceOf(MCPConnectionException.class);
            assertThat(failure.getMessage()).hasSizeLessThan(2_000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"protocolVersion\": 5}",
                "{\"protocolVersion\": \"2099-01-01\"}",
                "{\"protocolVersion\": \"2026-07-28\"}",
                "{\"protocolVersion\": null}",
            })
    void oddHandshake_isATypedError(String result) throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.result(result));
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.legacy())
                        .build()) {
            assertThat(catchThrowable(() -> client.call("t", Map.of())))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("wants to speak revision");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b;c,\"d\"", "=", "0", "~!@#$%^&*()"})
    void oddSessions_areSentBackAsTheyAre(String session) throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    switch (request.method()) {
                        case "initialize" -> {
                            request.header("Mcp-Session-Id", session);
                            request.result("{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {}}");
                        }
                        case "notifications/initialized" -> request.status(202);
                        default -> request.result(OK);
                    }
                });
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.legacy())
                        .build()) {
            client.call("t", Map.of());
            assertThat(server.requests("tools/call").get(0).header("Mcp-Session-Id"))
                    .isEqualTo(session);
        }
    }

    @Test
    void cookies_areNotKept() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    request.header("Set-Cookie", "tracking=1; Path=/");
                    request.result(OK);
                });
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.modern())
                        .build()) {
            client.call("t", Map.of());
            client.call("t", Map.of());
            assertThat(server.requests()).allMatch(request -> request.header("Cookie") == null);
        }
    }

    @Test
    void toolOfOneNameThatIsListedTwice_isTheLastOne() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.result(
                        request.method().equals("tools/list")
                                ? "{\"tools\":[" + TOOL + ",\"title\":\"a\"}," + TOOL + ",\"title\":\"b\"}]}"
                                : OK));
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.modern())
                        .build()) {
            assertThat(client.listTools()).extracting(ToolDescription::title).containsExactly("a", "b");
            JsonNode result = client.call("t", Map.of());
            assertThat(result.get("ok").asBoolean()).isTrue();
        }
    }

    static Stream<List<String>> wires() {
        return Stream.of(
                List.of("HELLO\r\n\r\n", ""),
                List.of("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", ""),
                List.of("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", ""),
                List.of(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                        ""),
                List.of(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata:\r\n",
                        ""),
                List.of("HTTP/1.1 200 OK\r\n", "X-Endless: " + "x".repeat(1_000) + "\r\n"),
                List.of("HTTP/1.1 200 OK\r\nX-Long: ", "x".repeat(1_000)),
                List.of("", "x"),
                List.of("", ""));
    }

    /** What is not HTTP, or not until its end; the second part is sent for ever. */
    @ParameterizedTest
    @MethodSource("wires")
    void oddBytes_areATypedErrorInBoundedMemory(List<String> bytes) throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        List<Socket> connections = new CopyOnWriteArrayList<>();
        Thread thread = new Thread(() -> answer(socket, connections, bytes));
        thread.start();
        try (MCPClient client = MCPClient.builder(
                        HttpEndpoint.of(URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/mcp")))
                .protocol(ProtocolMode.modern())
                .timeout(Duration.ofSeconds(5))
                .build()) {
            assertThat(catchThrowable(() -> client.call("t", Map.of()))).isInstanceOf(MCPClientException.class);
        } finally {
            socket.close();
            // The HTTP client of Java 17 does not close a connection whose head is too large.
            for (Socket connection : connections) {
                connection.close();
            }
            thread.join();
        }
    }

    private static void answer(ServerSocket socket, List<Socket> connections, List<String> bytes) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                connections.add(connection);
                OutputStream out = connection.getOutputStream();
                connection.getInputStream().read(new byte[100_000]);
                out.write(bytes.get(0).getBytes(StandardCharsets.ISO_8859_1));
                byte[] more = bytes.get(1).getBytes(StandardCharsets.ISO_8859_1);
                for (int i = 0; more.length > 0 && i < 1_000_000; i++) {
                    out.write(more);
                }
            } catch (IOException ended) {
                // The client has had enough, or the test is over.
                continue;
            }
        }
    }
}
