package io.qicore.mcp.kafka.internal.content;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the bytes of contents, of large ones only the first. A compressed batch can hold far more than its size, so contents
 * must not wait in memory as a whole until a poll returns. Stateless.
 */
public final class PayloadDeserializer implements Deserializer<@Nullable Payload> {

    private final byte[] wanted;

    /**
     * Creates a deserializer.
     *
     * @param wanted the text that contents are searched for; null if they are not searched
     */
    public PayloadDeserializer(@Nullable String wanted) {
        this.wanted = wanted == null ? new byte[0] : wanted.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable Payload deserialize(String topic, byte @Nullable [] data) {
        return data == null ? null : Payload.of(ByteBuffer.wrap(data), wanted);
    }

    @Override
    public @Nullable Payload deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
        return data == null ? null : Payload.of(data, wanted);
    }
}
