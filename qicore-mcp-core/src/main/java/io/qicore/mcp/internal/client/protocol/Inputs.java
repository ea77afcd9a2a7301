package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.handler.FormHandler;
import io.qicore.mcp.client.handler.FormRequest;
import io.qicore.mcp.client.handler.PageHandler;
import io.qicore.mcp.client.handler.PageRequest;
import io.qicore.mcp.client.handler.Root;
import io.qicore.mcp.client.handler.SamplingHandler;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.tool.ElicitationAnswer;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers the questions of a server with the handlers of the application. Thread-safe. */
public final class Inputs {

    private static final String SAMPLE = "sampling/createMessage";
    private static final String LIST_ROOTS = "roots/list";

    /** How many questions a server may ask at once. */
    private static final int MAX_QUESTIONS = 32;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final InputHandlers handlers;

    /** Creates the answers of handlers. */
    public Inputs(InputHandlers handlers) {
        this.handlers = handlers;
    }

    /** Returns whether a method of a server is a question. */
    public static boolean isQuestion(String method) {
        return method.equals(MethodNames.ELICIT) || method.equals(SAMPLE) || method.equals(LIST_ROOTS);
    }

    /**
     * Answers questions one after the other, on a thread that may block.
     *
     * @param questions the questions by key
     * @return the answers by key; fails with {@link MCPInputException} if one cannot be given, and when the scope ends
     */
    public CompletableFuture<ObjectNode> answer(
            ExecutorService callbacks, Scope scope, Object server, JsonNode questions) {
        if (questions.size() > MAX_QUESTIONS) {
            return CompletableFuture.failedFuture(new MCPInputException(
                    server + " asks " + questions.size() + " questions at once, more than " + MAX_QUESTIONS + ".",
                    null));
        }
        return scope.bound(run(callbacks, () -> {
            ObjectNode answers = Json.object();
            for (Map.Entry<String, JsonNode> question : questions.properties()) {
                String method = question.getValue().path("method").asText();
                answers.set(
                        question.getKey(),
                        answer(server, method, question.getValue().path("params")));
            }
            return answers;
        }));
    }

    /** Answers one question, on a thread that may block. */
    public CompletableFuture<JsonNode> answer(
            ExecutorService callbacks, Object server, String method, JsonNode params) {
        return run(callbacks, () -> answer(server, method, params));
    }

    private static <T> CompletableFuture<T> run(ExecutorService callbacks, Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, callbacks);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(new MCPInputException("The client is closed.", closed));
        }
    }

    private JsonNode answer(Object server, String method, JsonNode params) {
        try {
            return switch (method) {
                case MethodNames.ELICIT ->
                    params.path("mode").asText("form").equals("url") ? page(server, params) : form(server, params);
                case SAMPLE -> sample(server, params);
                case LIST_ROOTS -> roots(server);
                default ->
                    throw new MCPInputException(
                            server + " asks for " + LogText.of(method) + ", which this client does not know.", null);
            };
        } catch (MCPInputException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPInputException("The handler of " + method + " was interrupted.", e);
        } catch (Exception e) {
            throw new MCPInputException("The handler of " + method + " failed: " + LogText.of(e.getMessage()), e);
        }
    }

    private JsonNode form(Object server, JsonNode params) throws Exception {
        FormHandler handler = require(handlers.form(), server, "asks the user to fill in a form", "onForm");
        ObjectNode schema = params.path("requestedSchema") instanceof ObjectNode given ? given : Json.object();
        ElicitationAnswer answer = given(
                handler.ask(new FormRequest(
                        server.toString(), params.path("message").asText(), schema)),
                "onForm");
        ObjectNode json = action(answer);
        if (answer.isAccepted()) {
            requireMatch(server, schema, answer.content());
            json.set("content", answer.content());
        }
        return json;
    }

    private static void requireMatch(Object server, ObjectNode schema, ObjectNode content) {
        String fault;
        try {
            fault = FormCheck.fault(schema, content).orElse(null);
        } catch (IllegalArgumentException e) {
            throw new MCPInputException(
                    "The form of " + server + " cannot be used, because its schema is not valid: " + e.getMessage(), e);
        }
        if (fault != null) {
            throw new MCPInputException(
                    "The answer of the handler does not match the form of " + server + ": " + fault + ".", null);
        }
    }

    private JsonNode page(Object server, JsonNode params) throws Exception {
        PageHandler handler = require(handlers.page(), server, "asks the user to open a web page", "onPage");
        URI url = safe(server, params.path("url").asText());
        return action(given(
                handler.open(new PageRequest(
                        server.toString(), params.path("message").asText(), url)),
                "onPage"));
    }

    private static URI safe(Object server, String text) {
        try {
            URI url = URI.create(text);
            String host = url.getHost();
            if (host != null
                    && ("https".equalsIgnoreCase(url.getScheme())
                            || ("http".equalsIgnoreCase(url.getScheme())
                                    && LOOPBACK.contains(host.toLowerCase(Locale.ROOT))))) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            throw new MCPInputException(server + " asks the user to open an address that is not valid.", malformed);
        }
        throw new MCPInputException(
                server + " asks the user to open an address that is neither https nor on this machine.", null);
    }

    private static ObjectNode action(ElicitationAnswer answer) {
        return Json.object().put("action", answer.action().name().toLowerCase(Locale.ROOT));
    }

    private JsonNode sample(Object server, JsonNode params) throws Exception {
        SamplingHandler handler = require(handlers.sampling(), server, "asks to run a prompt on a model", "onSampling");
        return given(handler.sample(params instanceof ObjectNode object ? object : Json.object()), "onSampling");
    }

    private JsonNode roots(Object server) {
        Supplier<List<Root>> handler =
                require(handlers.roots(), server, "asks for the folders that the user has opened", "onRoots");
        ObjectNode result = Json.object();
        for (Root root : given(handler.get(), "onRoots")) {
            ObjectNode json =
                    result.withArray("roots").addObject().put("uri", root.uri().toString());
            if (root.name() != null) {
                json.put("name", root.name());
            }
        }
        result.withArray("roots");
        return result;
    }

    private static <T> T given(@Nullable T answer, String setter) {
        if (answer == null) {
            throw new MCPInputException("The handler that was set with " + setter + " has returned null.", null);
        }
        return answer;
    }

    private static <T> T require(@Nullable T handler, Object server, String what, String setter) {
        if (handler == null) {
            throw new MCPInputException(
                    server + " " + what + ", and this client has no handler for it: set one with " + setter
                            + " of its builder.",
                    null);
        }
        return handler;
    }
}
