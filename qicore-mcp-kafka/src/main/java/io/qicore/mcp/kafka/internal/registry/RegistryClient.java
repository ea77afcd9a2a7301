package io.qicore.mcp.kafka.internal.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.kafka.internal.http.BoundedBody;
import io.qicore.mcp.kafka.internal.http.TrustedCertificates;
import io.qicore.mcp.kafka.internal.http.UrlPath;
import io.qicore.mcp.kafka.internal.registry.RegistryException.Kind;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a schema registry. Only paths of the configured address are requested, and redirects are not followed, so no
 * argument of a call can direct a request elsewhere.
 *
 * <p>After a request without an answer, others fail at once for a few seconds: many records can need a schema, and each of them
 * would have to wait. Thread-safe.
 */
public final class RegistryClient {

    private static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final String TYPE = "application/vnd.schemaregistry.v1+json";

    private record Outage(RegistryException failure, long untilNanos) {}

    private final RegistryConnection connection;
    private final HttpClient http;
    private volatile @Nullable Outage outage;

    /**
     * Creates a client. Sends nothing.
     *
     * @throws IllegalArgumentException if the file with trusted certificates cannot be read
     */
    public RegistryClient(RegistryConnection connection) {
        this.connection = connection;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(connection.timeout()).followRedirects(HttpClient.Redirect.NEVER);
        connection
                .trustedCertificates()
                .ifPresent(pem -> builder.sslContext(TrustedCertificates.context(pem, "the schema registry")));
        this.http = builder.build();
    }

    /** Returns a schema by its id. */
    public RegisteredSchema byId(int id) throws RegistryException {
        return schema(get("/schemas/ids/" + id, "schema " + id));
    }

    /** Returns a schema by its global id. */
    public RegisteredSchema byGuid(UUID guid) throws RegistryException {
        return schema(get("/schemas/guids/" + guid, "schema " + guid));
    }

    /** Returns the subjects that a schema has a version of. */
    public Set<String> subjectsOf(int id) throws RegistryException {
        Set<String> subjects = new HashSet<>();
        get("/schemas/ids/" + id + "/versions", "schema " + id)
                .forEach(node -> subjects.add(node.path("subject").asText()));
        return subjects;
    }

    /** Returns the ids that a global id has in the default context, which has one at most. */
    public List<Integer> idsOf(UUID guid) throws RegistryException {
        List<Integer> ids = new ArrayList<>();
        get("/schemas/guids/" + guid + "/ids", "schema " + guid).forEach(node -> {
            if (node.path("context").asText(".").equals(".")) {
                ids.add(node.path("id").asInt());
            }
        });
        return ids;
    }

    /** Returns a version of a subject. */
    public RegisteredSchema byVersion(String subject, int version) throws RegistryException {
        return schema(version(subject, String.valueOf(version)));
    }

    /** Returns the names of all subjects. */
    public List<String> subjects() throws RegistryException {
        return texts(get("/subjects", "the subjects"));
    }

    /** Returns the versions of a subject. */
    public List<Integer> versions(String subject) throws RegistryException {
        List<Integer> versions = new ArrayList<>();
        get(subjectPath(subject) + "/versions", "subject '" + subject + "'")
                .forEach(node -> versions.add(node.asInt()));
        return versions;
    }

    /**
     * Returns a version of a subject, with its {@code id}, {@code version} and what a schema has.
     *
     * @param version a number or {@code latest}
     */
    public JsonNode version(String subject, String version) throws RegistryException {
        return get(
                subjectPath(subject) + "/versions/" + version, "version " + version + " of subject '" + subject + "'");
    }

    /** Returns the compatibility level of a subject, such as {@code BACKWARD}. */
    public String compatibilityLevel(String subject) throws RegistryException {
        return get("/config/" + UrlPath.encoded(subject) + "?defaultToGlobal=true", "the compatibility level")
                .path("compatibilityLevel")
                .asText();
    }

    /** Returns the registry's verdict on a schema as the next version of a subject. */
    public JsonNode compatibility(String subject, JsonNode schema) throws RegistryException {
        return send(
                request("/compatibility/subjects/" + UrlPath.encoded(subject) + "/versions/latest?verbose=true")
                        .header("Content-Type", TYPE)
                        .POST(HttpRequest.BodyPublishers.ofString(schema.toString())),
                "version latest of subject '" + subject + "'");
    }

    /** Reads a schema from an answer. */
    public static RegisteredSchema schema(JsonNode answer) throws RegistryException {
        if (!answer.path("schema").isTextual()) {
            throw unexpected("no schema", null);
        }
        List<RegisteredSchema.Reference> references = new ArrayList<>();
        answer.path("references")
                .forEach(node -> references.add(new RegisteredSchema.Reference(
                        node.path("name").asText(),
                        node.path("subject").asText(),
                        node.path("version").asInt())));
        return new RegisteredSchema(
                answer.path("schemaType").asText("AVRO"), answer.path("schema").textValue(), references);
    }

    private static String subjectPath(String subject) {
        return "/subjects/" + UrlPath.encoded(subject);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private JsonNode get(String path, String what) throws RegistryException {
        return send(request(path).GET(), what);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(connection.url() + path))
                .header("Accept", TYPE + ", application/json");
        connection.authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private JsonNode send(HttpRequest.Builder request, String what) throws RegistryException {
        Outage known = outage;
        if (known != null && known.untilNanos() - System.nanoTime() > 0) {
            throw known.failure();
        }
        HttpResponse<byte[]> response = answer(request.build());
        switch (response.statusCode()) {
            case 200 -> {
                return parse(response.body());
            }
            case 404 ->
                throw new RegistryException(Kind.NOT_FOUND, "The schema registry does not have " + what + ".", null);
            case 401, 403 ->
                throw out(Kind.DENIED, "The schema registry refused the credentials of this server.", null);
            case 409, 422 ->
                throw new RegistryException(
                        Kind.REFUSED, "The schema registry refused it: " + message(response.body()), null);
            default ->
                throw out(
                        Kind.UNAVAILABLE,
                        "The schema registry answered with status " + response.statusCode() + ".",
                        null);
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws RegistryException {
        CompletableFuture<HttpResponse<byte[]>> sent = http.sendAsync(request, BoundedBody.atMost(MAX_ANSWER_BYTES));
        try {
            // The timeout of a request ends when the first byte arrives, so a slow body needs this one.
            return sent.get(connection.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw out(Kind.UNAVAILABLE, "The schema registry did not answer in " + connection.timeout() + ".", e);
        } catch (ExecutionException e) {
            String detail = e.getCause() instanceof SSLException
                    ? "this server does not trust its TLS certificate, or it has none"
                    : "it cannot be reached";
            throw out(Kind.UNAVAILABLE, "The schema registry did not answer: " + detail + ".", e.getCause());
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.UNAVAILABLE, "The call was cancelled.", e);
        }
    }

    private static JsonNode parse(byte[] body) throws RegistryException {
        try {
            return Objects.requireNonNull(Json.MAPPER.readTree(body));
        } catch (IOException e) {
            throw unexpected("something that is not JSON", e);
        }
    }

    private static String message(byte[] body) {
        try {
            String text = Json.MAPPER.readTree(body).path("message").asText("no reason given");
            return text.length() > 1_000 ? text.substring(0, 1_000) : text;
        } catch (IOException e) {
            return "no reason given";
        }
    }

    private RegistryException out(Kind kind, String message, @Nullable Throwable cause) {
        RegistryException failure = new RegistryException(kind, message, cause);
        outage = new Outage(failure, System.nanoTime() + PAUSE.toNanos());
        return failure;
    }

    private static RegistryException unexpected(String what, @Nullable Throwable cause) {
        return new RegistryException(
                Kind.UNAVAILABLE, "The schema registry answered with " + what + ". Check its address.", cause);
    }
}
