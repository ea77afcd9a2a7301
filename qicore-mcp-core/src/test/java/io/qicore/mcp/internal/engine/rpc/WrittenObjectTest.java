package io.qicore.mcp.internal.engine.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.internal.json.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WrittenObjectTest {

    private final ObjectNode object = Json.object().put("price", 1.5).put("name", "ä\"\n");
    private final JsonText text = new JsonText(object);
    private final WrittenObject written = new WrittenObject(object, text);

    @Test
    void isWrittenAsTheObject_inAnotherOne() throws Exception {
        ObjectNode around = Json.object();
        around.set("a", written);
        around.put("b", 1);

        assertThat(Json.MAPPER.readTree(Json.bytes(around)))
                .isEqualTo(Json.object().<ObjectNode>set("a", object).put("b", 1));
    }

    @Test
    void isWrittenAfterItsText_anyNumberOfTimes() throws Exception {
        ObjectNode around = Json.object();
        around.set("text", text);
        around.set("object", written);
        ObjectNode expected = Json.object().put("text", object.toString());
        expected.set("object", object);
        for (int i = 0; i < 3; i++) {
            assertThat(Json.MAPPER.readTree(Json.bytes(around))).isEqualTo(expected);
        }
        assertThat(around.toString()).isEqualTo(expected.toString());
    }

    @Test
    void textIsThatOfTheObject_whateverReadsIt() {
        assertThat(text.asText()).isEqualTo(object.toString());
        assertThat(text.textValue()).isEqualTo(object.toString());
        assertThat(text).isEqualTo(new TextNode(object.toString())).hasSameHashCodeAs(new TextNode(object.toString()));
        JsonNode copy = text.deepCopy();
        assertThat(copy).isNotInstanceOf(JsonText.class);
        assertThat(text).isEqualTo(copy);
        ObjectNode holder = Json.object();
        holder.set("t", text);
        assertThat(holder.path("t").asText("")).isEqualTo(object.toString());
    }

    @Test
    void largeValueWithALargeTextInIt_isWrittenByOneThreadAtATimeWithoutAStandstill() throws Exception {
        ObjectNode large = Json.object().put("text", "x".repeat(1 << 20));
        ObjectNode around = Json.object().put("before", "y".repeat(1 << 20));
        JsonText largeText = new JsonText(large);
        around.set("text", largeText);
        around.set("object", new WrittenObject(large, largeText));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<byte[]>> all = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() -> Json.bytes(around)))
                    .toList();
            for (Future<byte[]> one : all) {
                assertThat(one.get(20, TimeUnit.SECONDS)).hasSizeGreaterThan(3 << 20);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void isReadAsTheObject() {
        assertThat(written.get("price").doubleValue()).isEqualTo(1.5);
        assertThat(written.deepCopy()).isEqualTo(object).isNotInstanceOf(WrittenObject.class);
        assertThat(Json.MAPPER.convertValue(written, new TypeReference<Map<String, Object>>() {}))
                .containsEntry("name", "ä\"\n");
    }
}
