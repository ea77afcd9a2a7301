package io.qicore.mcp.kafka.producer.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.connect.SourceConnectorConfig;
import io.qicore.mcp.kafka.connect.SourceOffset;
import io.qicore.mcp.kafka.internal.http.UrlPath;
import io.qicore.mcp.kafka.producer.connect.ConnectClient.Answer;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The connectors of a Connect cluster: the requests of its REST API that this module needs. Thread-safe. */
final class Connectors {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** Each request of the list opens a connection. */
    private static final int AT_ONCE = 8;

    private final ConnectClient client;

    Connectors(ConnectClient client) {
        this.client = client;
    }

    /** Returns all connectors that Connect knows the status of. */
    List<Connector> all(Deadline deadline) throws InterruptedException {
        Answer answer =
                ok(client.send("GET", "/connectors?expand=info&expand=status", null, deadline), "list its connectors");
        List<Connector> connectors = new ArrayList<>();
        answer.body()
                .properties()
                .forEach(entry -> connectors.add(Connector.of(
                        entry.getKey(),
                        entry.getValue().path("info"),
                        entry.getValue().path("status"))));
        return connectors;
    }

    /** Returns a connector; null if there is none. */
    @Nullable
    Connector find(String name, Deadline deadline) throws InterruptedException {
        Answer info = client.send("GET", path(name, ""), null, deadline);
        if (info.isNotFound()) {
            return null;
        }
        Answer status = client.send("GET", path(name, "/status"), null, deadline);
        return Connector.of(
                name,
                ok(info, "describe '" + name + "'").body(),
                status.isOk() ? status.body() : MissingNode.getInstance());
    }

    /** Creates a connector that does not run yet. Returns false if there is one with this name. */
    boolean create(String name, Map<String, String> config, Deadline deadline) throws InterruptedException {
        ObjectNode body = Json.MAPPER.createObjectNode().put("name", name).put("initial_state", "STOPPED");
        body.set("config", Json.MAPPER.valueToTree(config));
        Answer answer = client.send("POST", "/connectors", body, deadline);
        if (answer.isTaken()) {
            return false;
        }
        ok(answer, "create connector '" + name + "'");
        return true;
    }

    void configure(String name, Map<String, String> config, Deadline deadline) throws InterruptedException {
        ok(
                client.send("PUT", path(name, "/config"), Json.MAPPER.valueToTree(config), deadline),
                "change the config of '" + name + "'");
    }

    /**
     * Checks a config by the plugin itself.
     *
     * @return the values that the plugin recommends, by property
     * @throws MCPToolError {@code INVALID_PRODUCER_CONFIG}, or the code that the plugin names, if there is an error
     */
    Map<String, String> validate(Map<String, String> config, Deadline deadline) throws InterruptedException {
        Answer answer = client.send(
                "PUT",
                "/connector-plugins/" + UrlPath.encoded(config.getOrDefault("connector.class", ""))
                        + "/config/validate",
                Json.MAPPER.valueToTree(config),
                deadline);
        if (!answer.isOk()) {
            throw answer.isNotFound() || answer.message().contains("Failed to find any class")
                    ? new MCPToolError(
                            KafkaErrorCode.CONNECT_ERROR,
                            "The workers of the Connect cluster do not have the plugin "
                                    + SourceConnectorConfig.CONNECTOR_CLASS
                                    + ", on which producers run. Its operator installs it in their plugin.path.")
                    : answer.refused("check the config");
        }
        Map<String, String> recommended = new HashMap<>();
        for (JsonNode one : answer.body().path("configs")) {
            JsonNode value = one.path("value");
            for (JsonNode error : value.path("errors")) {
                throw ValidationErrors.of(value.path("name").asText(), error.asText());
            }
            if (value.path("recommended_values").size() == 1) {
                recommended.put(
                        value.path("name").asText(),
                        value.path("recommended_values").path(0).asText());
            }
        }
        return recommended;
    }

    /** Deletes the offsets. Returns false if the connector is not stopped any more. */
    boolean resetOffsets(String name, Deadline deadline) throws InterruptedException {
        Answer answer = client.send("DELETE", path(name, "/offsets"), null, deadline);
        if (answer.status() == 400 || answer.isNotFound()) {
            return false;
        }
        ok(answer, "reset the offsets of '" + name + "'");
        return true;
    }

    /** Returns the offset of each source, empty if Connect has none yet; without those that it does not tell now. */
    Map<String, Optional<SourceOffset>> offsets(List<String> names, Deadline deadline) throws InterruptedException {
        Map<String, Optional<SourceOffset>> offsets = new HashMap<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<String> some = names.subList(from, Math.min(from + AT_ONCE, names.size()));
            List<@Nullable Answer> answers = client.getAll(
                    some.stream().map(name -> path(name, "/offsets")).toList(), deadline);
            for (int i = 0; i < some.size(); i++) {
                Answer answer = answers.get(i);
                if (answer != null) {
                    offsets.put(some.get(i), offset(answer.body()));
                }
            }
        }
        return offsets;
    }

    private static Optional<SourceOffset> offset(JsonNode body) {
        JsonNode offset = body.path("offsets").path(0).path("offset");
        Map<String, Object> values = new HashMap<>();
        offset.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            values.put(
                    entry.getKey(),
                    value.isIntegralNumber()
                            ? (Object) value.longValue()
                            : value.isBoolean() ? value.booleanValue() : value.asText());
        });
        return values.isEmpty() ? Optional.empty() : Optional.of(SourceOffset.of(values));
    }

    void pause(String name, Deadline deadline) throws InterruptedException {
        ok(client.send("PUT", path(name, "/pause"), null, deadline), "pause '" + name + "'");
    }

    void resume(String name, Deadline deadline) throws InterruptedException {
        ok(client.send("PUT", path(name, "/resume"), null, deadline), "resume '" + name + "'");
    }

    void stop(String name, Deadline deadline) throws InterruptedException {
        ok(client.send("PUT", path(name, "/stop"), null, deadline), "stop '" + name + "'");
    }

    /** Starts a connector and its tasks again. */
    void restart(String name, boolean onlyFailed, Deadline deadline) throws InterruptedException {
        ok(
                client.send("POST", path(name, "/restart?includeTasks=true&onlyFailed=" + onlyFailed), null, deadline),
                "restart '" + name + "'");
    }

    /** Returns the types of the properties that a plugin defines, by name; empty if the workers do not tell. */
    Map<String, String> definitions(String connectorClass, Deadline deadline) throws InterruptedException {
        Answer answer =
                client.send("GET", "/connector-plugins/" + UrlPath.encoded(connectorClass) + "/config", null, deadline);
        Map<String, String> types = new HashMap<>();
        if (answer.isOk()) {
            answer.body()
                    .forEach(key -> types.put(
                            key.path("name").asText(), key.path("type").asText()));
        }
        return types;
    }

    /**
     * Waits until a connector is as it should be. Commands to Connect are carried out after their answer.
     *
     * @return the connector; null if it was not so in time, or is gone
     */
    @Nullable
    Connector await(String name, Predicate<Connector> expected, Deadline deadline) throws InterruptedException {
        while (true) {
            Connector now = find(name, deadline);
            if (now == null || expected.test(now)) {
                return now;
            }
            if (!deadline.pause(LOOK_EVERY)) {
                return null;
            }
        }
    }

    private static String path(String name, String rest) {
        return "/connectors/" + UrlPath.encoded(name) + rest;
    }

    private static Answer ok(Answer answer, String action) {
        if (!answer.isOk()) {
            throw answer.refused(action);
        }
        return answer;
    }
}
