package io.qicore.mcp.kafka.internal.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a file that has one JSON object on each line. The lines are passed on as they are. */
final class JsonLines implements Rows {

    private final LineReader lines;

    JsonLines(Path file) throws IOException {
        this.lines = new LineReader(file);
    }

    @Override
    public @Nullable Row next() throws IOException {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        JsonNode node;
        try {
            node = Json.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw lines.failure("not JSON: " + e.getOriginalMessage(), e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw lines.failure("not a JSON object", null);
        }
        return new Row(object, line.strip().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public LineReader lines() {
        return lines;
    }
}
