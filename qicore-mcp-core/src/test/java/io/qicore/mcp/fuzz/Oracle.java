package io.qicore.mcp.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is true of every answer to any message. */
final class Oracle {

    private static final int MAX_ERROR_MESSAGE = 1_000;
    private static final Set<Integer> CODES = Set.of(-32700, -32600, -32601, -32602, -32002, -32020, -32021, -32022);
    private static final Pattern INTERNALS = Pattern.compile(
            "exception|stackoverflow|outofmemory|\\bat [a-z]+\\.[a-z]|java\\.|fasterxml|networknt|io\\.qicore|jetty");
    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";

    private Oracle() {}

    /** A message that was answered, or not, in a way that no message should be. */
    static final class Finding extends AssertionError {

        private static final long serialVersionUID = 1;

        Finding(String what) {
            super(what);
        }

        Finding(String what, Throwable cause) {
            super(what, cause);
        }
    }

    /**
     * Checks the answer to one message.
     *
     * @param sent the message
     * @param input all that the client said, headers and other messages included
     */
    static void check(byte[] sent, byte[] input, Reply reply) {
        JsonNode message = parsed(sent);
        if (reply.kind() == Reply.Kind.ACCEPTED) {
            require(message != null && (message.isArray() || !message.has("id") || isResponse(message)), "no answer");
            return;
        }
        JsonNode answer = parsed(reply.toBytes());
        require(answer != null, "the answer is no JSON");
        if (answer.isArray()) {
            require(message != null && message.isArray() && !answer.isEmpty(), "an array answers what is none");
            answer.forEach(one -> shape(input, one));
            return;
        }
        shape(input, answer);
        JsonNode id = message == null || !message.isObject() || isResponse(message) ? null : message.get("id");
        boolean hasId = id != null && (id.isTextual() || id.isIntegralNumber());
        require(hasId ? id.equals(answer.get("id")) : !answer.has("id"), "the answer has another id: " + answer);
        if (message != null && isNotification(message)) {
            require(answer.at("/error/code").asInt() == -32022, "a notification is answered with " + answer);
        }
        if (answer.has("result")) {
            boolean modern = message.path("params").path("_meta").has(VERSION);
            require(answer.get("result").has("resultType") == modern, "the result is of the wrong era: " + answer);
        }
    }

    /** Checks a response, a notification or a request of the server by itself. */
    static void shape(byte[] input, JsonNode answer) {
        require(answer.isObject() && "2.0".equals(answer.path("jsonrpc").textValue()), "no JSON-RPC: " + answer);
        if (answer.has("method")) {
            require(answer.path("params").isObject(), "a notification without params: " + answer);
            return;
        }
        require(answer.has("result") != answer.has("error"), "neither result nor error: " + answer);
        if (answer.has("result")) {
            require(answer.get("result").isObject(), "the result is no object: " + answer);
            if (answer.at("/result/isError").booleanValue()) {
                clean(input, answer.at("/result/content/0/text").asText());
                require(
                        !"INTERNAL_ERROR"
                                .equals(answer.at("/result/structuredContent/code")
                                        .textValue()),
                        "a tool failed: " + answer);
            }
            return;
        }
        JsonNode error = answer.get("error");
        require(error.path("code").isInt(), "the code is no integer: " + answer);
        String text = error.path("message").asText();
        // A client that answers a question with an error fails its own call.
        boolean refused = error.get("code").intValue() == -32603 && text.contains("needs an answer");
        require(refused || CODES.contains(error.get("code").intValue()), "an unexpected error: " + answer);
        require(!text.isBlank() && text.length() <= MAX_ERROR_MESSAGE, "no short message: " + text.length());
        clean(input, text);
    }

    /** Fails if a text tells about our insides, unless the client said it first. */
    static void clean(byte[] input, String text) {
        var match = INTERNALS.matcher(text.toLowerCase(Locale.ROOT));
        if (match.find()) {
            String said = new String(input, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            // Written as escapes it may be anything.
            require(said.contains(match.group()) || said.contains("\\u"), "internals in " + text);
        }
    }

    static @Nullable JsonNode parsed(byte[] json) {
        try {
            // Stricter than the parser, which takes overlong forms.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            JsonNode node = Json.MAPPER.readTree(json);
            return node.isMissingNode() ? null : node;
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean isNotification(JsonNode message) {
        return "2.0".equals(message.path("jsonrpc").textValue())
                && !message.has("id")
                && message.path("method").isTextual()
                && (!message.has("params") || message.get("params").isObject());
    }

    private static boolean isResponse(JsonNode message) {
        return !message.has("method") && (message.has("result") || message.has("error"));
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Finding(otherwise);
        }
    }
}
