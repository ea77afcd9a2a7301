package io.qicore.mcp.internal.engine.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrittenObjectTest {

    private final ObjectNode object = Json.object().put("price", 1.5).put("name", "ä\"\n");
    private final WrittenObject written = new WrittenObject(object, object.toString());

    @Test
    void isWrittenAsTheObject_inAnotherOne() throws Exception {
        ObjectNode around = Json.object();
        around.set("a", written);
        around.put("b", 1);

        assertThat(Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(around)))
                .isEqualTo(Json.object().<ObjectNode>set("a", object).put("b", 1));
    }

    @Test
    void isReadAsTheObject() {
        assertThat(written.get("price").doubleValue()).isEqualTo(1.5);
        assertThat(written.deepCopy()).isEqualTo(object).isNotInstanceOf(WrittenObject.class);
        assertThat(Json.MAPPER.convertValue(written, new TypeReference<Map<String, Object>>() {}))
                .containsEntry("name", "ä\"\n");
    }
}
