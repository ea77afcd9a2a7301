package io.qicore.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.agent.DataFlowRequest;
import io.qicore.mcp.agent.DataPipelineAgent;
import io.qicore.mcp.agent.StreamingEvent;
import io.qicore.mcp.agent.StreamingEventAgent;
import io.qicore.mcp.agent.TableDefinition;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.ClientCertificates;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.auth.apikey.ApiKey;
import io.qicore.mcp.auth.apikey.ApiKeys;
import io.qicore.mcp.auth.oauth.OAuthResourceServer;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.MCPClientBuilder;
import io.qicore.mcp.client.ServerTask;
import io.qicore.mcp.client.ToolCall;
import io.qicore.mcp.client.endpoint.HttpAuthorization;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.InProcessEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.HttpAnswer;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.handler.FormRequest;
import io.qicore.mcp.client.handler.PageRequest;
import io.qicore.mcp.client.handler.Root;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.TaskState;
import io.qicore.mcp.client.oauth.OAuth;
import io.qicore.mcp.client.oauth.OAuthClientId;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.MessageConnection;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.engine.access.CallOutcome;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerRegistry;
import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.policy.AuditEvent;
import io.qicore.mcp.policy.AuditLog;
import io.qicore.mcp.policy.RateLimit;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.skill.SkillFile;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStatus;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.RecordSchema;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ResourceContents;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.Confirmation;
import io.qicore.mcp.tool.change.ConfirmationMode;
import io.qicore.mcp.transport.http.HttpTls;
import io.qicore.mcp.transport.http.HttpTransport;
import io.qicore.mcp.transport.servlet.MCPServlet;
import io.qicore.mcp.transport.stdio.StdioTransport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls every public method with what a careless caller passes. Finds the methods by itself. */
class PublicApiTest {

    record Fields(boolean yes) {}

    /** What takes a time to wait, or one that an application's own object carries or that was measured, instead of a setting. */
    private static final Set<String> WAITS = Set.of(
            "drain",
            "close",
            "stop",
            "ofTimeout",
            "after",
            Task.class.getName(),
            AuditEvent.class.getName(),
            HttpAnswer.class.getName());

    private static final KeyPair KEYS = keys();

    private static final String MANIFEST = "---\nname: s\ndescription: d\n---\nText.\n";

    /** Values of the types that are neither interfaces nor enums; also the objects whose methods are called. */
    private final Map<Class<?>, Supplier<Object>> samples = new HashMap<>();

    PublicApiTest() {
        sample(String.class, () -> "text");
        sample(Object.class, Map::of);
        sample(Integer.class, () -> 1);
        sample(Long.class, () -> 1L);
        sample(Double.class, () -> 1.0);
        sample(Boolean.class, () -> true);
        sample(URI.class, () -> URI.create("http://localhost/"));
        sample(Duration.class, () -> Duration.ofSeconds(1));
        sample(Instant.class, Instant::now);
        sample(Clock.class, Clock::systemUTC);
        sample(Class.class, () -> Fields.class);
        sample(JsonNode.class, () -> Json.MAPPER.createObjectNode().put("type", "object"));
        sample(ObjectNode.class, () -> Json.MAPPER.createObjectNode().put("type", "object"));
        sample(Throwable.class, Exception::new);
        sample(InputStream.class, () -> new ByteArrayInputStream(new byte[0]));
        sample(OutputStream.class, ByteArrayOutputStream::new);
        sample(List.class, List::of);
        sample(Set.class, Set::of);
        sample(Map.class, Map::of);
        sample(MCPEngine.class, () -> MCPEngine.builder(new ServerInfo("a", "1"))
                .build());
        sample(MCPEngine.Builder.class, () -> MCPEngine.builder(new ServerInfo("a", "1")));
        sample(MessageConnection.class, () -> new MessageConnection(make(MCPEngine.class), Runnable::run, bytes -> {}));
        sample(ServerInfo.class, () -> new ServerInfo("a", "1"));
        sample(CallControl.class, CallControl::new);
        sample(CallMetadata.class, CallMetadata::none);
        sample(Caller.class, () -> Caller.of("alice"));
        sample(Denial.class, () -> Denial.forbidden("no"));
        sample(HttpAccess.class, HttpAccess::defaults);
        sample(HttpAccess.Builder.class, HttpAccess::builder);
        sample(
                InterceptedCall.class,
                () -> new InterceptedCall(Caller.ANONYMOUS, "ping", null, make(ObjectNode.class)));
        sample(Offer.class, () -> make(Offer.Tool.class));
        sample(Offer.Tool.class, () -> new Offer.Tool(make(MCPTool.class)));
        sample(Offer.Resource.class, () -> new Offer.Resource(make(MCPResource.class)));
        sample(Offer.Prompt.class, () -> new Offer.Prompt(make(MCPPrompt.class)));
        sample(MCPSkill.class, () -> MCPSkill.of("s", Map.of(MCPSkill.MANIFEST, MANIFEST.getBytes(UTF_8))));
        sample(SkillFile.class, () -> make(MCPSkill.class).files().get(0));
        sample(Path.class, () -> Path.of("."));
        sample(ApiKey.class, () -> ApiKey.of("alice", "0123456789abcdef0123456789abcdef", Set.of("read")));
        sample(ApiKeys.class, () -> ApiKeys.of(List.of(make(ApiKey.class))));
        sample(OAuthResourceServer.class, () -> make(OAuthResourceServer.Builder.class)
                .build());
        sample(
                OAuthResourceServer.Builder.class,
                () -> OAuthResourceServer.builder(URI.create("http://localhost/"), URI.create("http://localhost/mcp")));
        sample(ToolRights.class, ToolRights::create);
        sample(RateLimit.class, () -> RateLimit.perMinute(1));
        sample(AuditLog.class, () -> AuditLog.to(event -> {}));
        sample(
                AuditEvent.class,
                () -> new AuditEvent(Caller.ANONYMOUS, "ping", null, null, CallOutcome.SUCCEEDED, Duration.ZERO));
        sample(Reply.class, () -> Reply.ACCEPTED);
        sample(io.qicore.mcp.server.StatelessMCPServer.class, TestServer::new);
        sample(ServerSettings.class, ServerSettings::defaults);
        sample(ServerSettings.Builder.class, ServerSettings::builder);
        sample(MCPClient.class, () -> MCPClient.http(URI.create("http://127.0.0.1:1/mcp")));
        sample(MCPClientBuilder.class, () -> MCPClient.builder(make(HttpEndpoint.class)));
        sample(ToolCall.class, () -> make(MCPClient.class).tool("t"));
        sample(ServerTask.class, () -> MCPClient.builder(make(HttpEndpoint.class))
                .tasks(true)
                .build()
                .task("t"));
        sample(
                TaskState.class,
                () -> new TaskState(
                        "t", TaskState.Status.WORKING, null, make(ObjectNode.class), make(ObjectNode.class)));
        sample(
                HttpAuthorization.Refusal.class,
                () -> new HttpAuthorization.Refusal("GET", Optional.empty(), make(HttpAnswer.class), 1));
        sample(ServerEndpoint.class, () -> make(HttpEndpoint.class));
        sample(HttpEndpoint.class, () -> HttpEndpoint.of(make(URI.class)));
        sample(StdioEndpoint.class, () -> StdioEndpoint.of("true"));
        sample(InProcessEndpoint.class, () -> InProcessEndpoint.of(new TestServer()));
        sample(ProtocolMode.class, ProtocolMode::modern);
        sample(RetryPolicy.class, RetryPolicy::none);
        sample(HttpClient.class, HttpClient::newHttpClient);
        sample(HttpAnswer.class, () -> new HttpAnswer(500, null, null));
        sample(MCPClientException.class, () -> make(MCPConnectionException.class));
        sample(MCPConnectionException.class, () -> new MCPConnectionException("m", null));
        sample(MCPTimeoutException.class, () -> new MCPTimeoutException("m"));
        sample(MCPInputException.class, () -> new MCPInputException("m", null));
        sample(MCPProtocolException.class, () -> new MCPProtocolException(1, "m", null, null));
        sample(FormRequest.class, () -> new FormRequest("s", "m", make(ObjectNode.class)));
        sample(PageRequest.class, () -> new PageRequest("s", "m", make(URI.class)));
        sample(Root.class, () -> new Root(URI.create("file:///x"), null));
        sample(CallResult.class, () -> new CallResult(List.of(), null, false, make(ObjectNode.class)));
        sample(OAuth.class, () -> OAuth.forMachine(make(OAuthClientId.class)));
        sample(OAuth.Builder.class, () -> OAuth.forPerson(page -> page, make(URI.class)));
        sample(OAuthClientId.class, () -> new OAuthClientId(null, "c", null, null));
        sample(Optional.class, Optional::empty);
        sample(PrivateKey.class, () -> KEYS.getPrivate());
        sample(HttpTls.class, () -> HttpTls.pem(Path.of("none"), Path.of("none")));
        sample(ClientCertificates.class, () -> ClientCertificates.withScopes(Set.of()));
        sample(HttpTransport.class, () -> HttpTransport.onPort(0));
        sample(HttpTransport.Builder.class, HttpTransport::builder);
        sample(MCPServlet.class, MCPServlet::create);
        sample(MCPServlet.Builder.class, MCPServlet::builder);
        sample(StdioTransport.class, () -> StdioTransport.on(make(InputStream.class), make(OutputStream.class)));
        sample(InMemoryTaskStore.class, InMemoryTaskStore::new);
        sample(
                Task.class,
                () -> new Task(
                        "t",
                        "o",
                        TaskStatus.WORKING,
                        null,
                        Instant.now(),
                        Instant.now(),
                        Duration.ofHours(1),
                        null,
                        make(ObjectNode.class),
                        null,
                        null,
                        1));
        sample(
                MCPTool.class,
                () -> toolBuilder().handler((arguments, context) -> "x").build());
        sample(RecordSchema.class, () -> RecordSchema.of("x", Fields.class));
        sample(MCPTool.Builder.class, PublicApiTest::toolBuilder);
        sample(MCPToolError.class, () -> new MCPToolError("CODE", "message", Map.of()));
        sample(MCPPrompt.class, () -> MCPPrompt.builder("p")
                .handler((arguments, context) -> PromptResult.user("x"))
                .build());
        sample(MCPPrompt.Builder.class, () -> MCPPrompt.builder("p"));
        sample(PromptMessage.class, () -> PromptMessage.user("x"));
        sample(PromptResult.class, () -> PromptResult.user("x"));
        sample(MCPResource.class, () -> MCPResource.of("r://x", "x")
                .reader((uri, variables, context) -> ResourceResult.text("x"))
                .build());
        sample(MCPResource.Builder.class, () -> MCPResource.of("r://x", "x"));
        sample(ResourceResult.class, () -> ResourceResult.text("x"));
        sample(ResourceContents.class, () -> new ResourceContents.Text("r://x", "text/plain", "x"));
        sample(Content.class, () -> Content.text("x"));
        sample(Elicitation.class, () -> Elicitation.form("Sure?", Fields.class));
        sample(
                ElicitationAnswer.class,
                () -> new ElicitationAnswer(ElicitationAnswer.Action.ACCEPT, Json.MAPPER.createObjectNode()));
        sample(InputRequests.class, () -> InputRequests.builder().state("x").build());
        sample(InputRequests.Builder.class, InputRequests::builder);
        sample(InputResponses.class, () -> InputResponses.NONE);
        sample(PageCursor.class, () -> PageCursor.of("t"));
        sample(ToolAnnotations.class, ToolAnnotations::readOnly);
        sample(ToolResult.class, () -> ToolResult.text("x"));
        sample(Confirmation.class, () -> new Confirmation(ConfirmationMode.ALWAYS));
        sample(RequestContext.class, () -> RequestContext.ofTimeout(Duration.ofSeconds(1)));
        sample(MCPServerConfig.Authentication.class, () -> MCPServerConfig.Authentication.NONE);
        sample(MCPServerConfig.class, () -> MCPServerConfig.of("text"));
        sample(MCPServerRegistry.class, MCPServerRegistry::new);
        sample(Setting.class, () -> Setting.text("KEY"));
        sample(Settings.class, () -> SettingsTable.builder().build().read(Map.of()));
        sample(NamePatterns.class, () -> NamePatterns.of("topics", List.of("*")));
        sample(SettingsTable.class, () -> SettingsTable.builder().build());
        sample(SettingsTable.Builder.class, SettingsTable::builder);
        sample(
                DataFlowRequest.class,
                () -> new DataFlowRequest("t", "s", 1, 1, Map.of(), null, null, Duration.ofSeconds(1)));
        sample(
                TableDefinition.class,
                () -> new TableDefinition("t", List.of(new TableDefinition.Column("a", "int")), List.of("a"), null));
        sample(
                DataPipelineAgent.class,
                () -> new DataPipelineAgent(make(MCPClient.class), make(MCPClient.class), make(MCPClient.class)));
        sample(
                StreamingEventAgent.class,
                () -> new StreamingEventAgent(make(MCPClient.class), make(MCPClient.class), make(MCPClient.class)));
        sample(StreamingEvent.class, () -> new StreamingEvent.ConsumerLagEvent("t", 1, 1));
        sample(TableDefinition.Column.class, () -> new TableDefinition.Column("a", "int"));
    }

    private static MCPTool.Builder<?, Object> toolBuilder() {
        return MCPTool.builder("t", Json.MAPPER.createObjectNode().put("type", "object"))
                .description("d");
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void sample(Class<?> type, Supplier<Object> value) {
        samples.put(type, value);
    }

    private <T> T make(Class<T> type) {
        return type.cast(samples.get(type).get());
    }

    @Test
    void nullArgument_isRefusedWithTheNameOfTheParameter() throws Exception {
        List<String> faults = new ArrayList<>();
        int checked = 0;
        for (Executable executable : publicApi()) {
            for (int i = 0; i < executable.getParameterCount(); i++) {
                AnnotatedType use = executable.getAnnotatedParameterTypes()[i];
                Class<?> type = executable.getParameterTypes()[i];
                boolean isRest = executable.isVarArgs() && i == executable.getParameterCount() - 1;
                if (type.isPrimitive() || isRest || use.isAnnotationPresent(Nullable.class)) {
                    continue;
                }
                checked++;
                String name = executable.getParameters()[i].getName();
                String outcome = call(executable, i, null);
                if (!outcome.startsWith("NullPointerException") || !names(outcome, name)) {
                    faults.add(executable.getDeclaringClass().getName() + "." + executable.getName() + "(" + name
                            + "): " + outcome);
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(checked).as("checked parameters").isGreaterThan(150);
    }

    @Test
    void timeoutOfAnyLength_isUsedOrRefusedClearly() throws Exception {
        List<String> faults = new ArrayList<>();
        int checked = 0;
        List<Duration> lengths = List.of(
                ChronoUnit.FOREVER.getDuration(),
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofMillis(Long.MAX_VALUE),
                Duration.ofNanos(Long.MAX_VALUE),
                Duration.ofDays(400),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofSeconds(-1),
                Duration.ZERO);
        for (Executable executable : publicApi()) {
            for (int i = 0; i < executable.getParameterCount(); i++) {
                if (executable.getParameterTypes()[i] == Duration.class) {
                    for (Duration length : lengths) {
                        checked++;
                        String outcome = call(executable, i, length);
                        // A setting is refused at once; a wait of any length is bounded.
                        if (!(isWait(executable)
                                ? outcome.equals("returned")
                                : outcome.matches("IllegalArgumentException: .* must be .*"))) {
                            faults.add(executable.getDeclaringClass().getName() + "." + executable.getName() + "("
                                    + length + "): " + outcome);
                        }
                    }
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(checked).as("checked durations").isGreaterThan(15 * lengths.size());
    }

    /** Returns whether a message names a parameter; those of methods that copy an object begin with "new". */
    private static boolean names(String message, String parameter) {
        String name = parameter.replaceFirst("^new(?=[A-Z])", "");
        return message.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
    }

    private static boolean isWait(Executable executable) {
        return WAITS.contains(executable.getName()) || executable.getDeclaringClass() == RequestContext.class;
    }

    /** Calls with samples, apart from one argument. */
    private String call(Executable executable, int index, @Nullable Object argument) throws Exception {
        Object[] arguments = new Object[executable.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == index ? argument : value(executable.getParameterTypes()[i]);
        }
        executable.setAccessible(true);
        try {
            if (executable instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                Object receiver =
                        Modifier.isStatic(executable.getModifiers()) ? null : value(executable.getDeclaringClass());
                ((Method) executable).invoke(receiver, arguments);
            }
            return "returned";
        } catch (InvocationTargetException e) {
            return e.getCause().getClass().getSimpleName() + ": " + e.getCause().getMessage();
        }
    }

    private Object value(Class<?> type) {
        if (samples.containsKey(type)) {
            return samples.get(type).get();
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), type == byte[].class ? 32 : 0);
        }
        if (type.isPrimitive()) {
            return type == boolean.class
                    ? Boolean.FALSE
                    : type == long.class ? (Object) 1L : type == double.class ? (Object) 1.0 : (Object) 1;
        }
        if (type.isInterface()) {
            return Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "toString" -> type.getSimpleName();
                        case "hashCode" -> 1;
                        case "equals" -> proxy == arguments[0];
                        default ->
                            method.isDefault()
                                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                                    : method.getReturnType() == void.class ? null : value(method.getReturnType());
                    });
        }
        throw new AssertionError("Add a sample of " + type.getName());
    }

    /** Returns the public constructors and methods of the packages for applications. */
    private static List<Executable> publicApi() throws Exception {
        Path classes = Path.of(MCPTool.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Executable> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.sorted().toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                if (name.endsWith(".class") && !name.endsWith("-info.class") && !name.contains(".internal.")) {
                    add(Class.forName(name.substring(0, name.length() - ".class".length())), found);
                }
            }
        }
        return found;
    }

    private static void add(Class<?> type, List<Executable> found) {
        for (Class<?> owner = type; owner != null; owner = owner.getDeclaringClass()) {
            if (!Modifier.isPublic(owner.getModifiers())) {
                return;
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean inherited = List.of("equals", "hashCode", "toString").contains(method.getName());
            if (Modifier.isPublic(method.getModifiers())
                    && !Modifier.isAbstract(method.getModifiers())
                    // A default method of an interface is for an application's own implementation.
                    && !method.isDefault()
                    && !method.isSynthetic()
                    && !(type.isEnum() && method.getName().equals("valueOf"))
                    && !inherited) {
                found.add(method);
            }
        }
        if (!Modifier.isAbstract(type.getModifiers())) {
            for (Constructor<?> constructor : type.getConstructors()) {
                found.add(constructor);
            }
        }
    }
}
