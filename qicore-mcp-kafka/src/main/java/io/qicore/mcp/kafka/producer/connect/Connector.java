package io.qicore.mcp.kafka.producer.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connector, as the REST API of Connect describes it.
 *
 * @param type {@code source} or {@code sink}
 * @param state {@code RUNNING}, {@code PAUSED}, {@code STOPPED}, {@code FAILED}, {@code RESTARTING} or {@code UNASSIGNED}
 * @param worker the worker that runs the connector itself
 * @param trace the failure; null without one
 */
record Connector(
        String name,
        String type,
        Map<String, String> config,
        String state,
        @Nullable String worker,
        @Nullable String trace,
        List<Task> tasks) {

    private static final String UNASSIGNED = "UNASSIGNED";

    /** A task of a connector. */
    record Task(
            int id,
            String state,
            @Nullable String worker,
            @Nullable String trace) {}

    /** @param status missing if Connect does not know the status yet */
    static Connector of(String name, JsonNode info, JsonNode status) {
        Map<String, String> config = new LinkedHashMap<>();
        info.path("config")
                .properties()
                .forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
        List<Task> tasks = new ArrayList<>();
        status.path("tasks")
                .forEach(task -> tasks.add(new Task(
                        task.path("id").asInt(),
                        task.path("state").asText(UNASSIGNED),
                        text(task, "worker_id"),
                        text(task, "trace"))));
        tasks.sort(Comparator.comparingInt(Task::id));
        JsonNode connector = status.path("connector");
        return new Connector(
                name,
                info.path("type").asText(status.path("type").asText("unknown")),
                config,
                connector.path("state").asText(UNASSIGNED),
                text(connector, "worker_id"),
                text(connector, "trace"),
                List.copyOf(tasks));
    }

    boolean is(String connectorState) {
        return state.equals(connectorState);
    }

    /** Returns the trace of the connector or of the first task that has failed; null if none has. */
    @Nullable
    String anyTrace() {
        if (is("FAILED")) {
            return trace == null ? "" : trace;
        }
        return tasks.stream()
                .filter(task -> task.state().equals("FAILED"))
                .findFirst()
                .map(task -> task.trace() == null ? "" : task.trace())
                .orElse(null);
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).textValue() : null;
    }
}
