package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes values with the latest schema of a subject, in Confluent's wire format. Immutable. */
public final class RegistryEncoder {

    private final String subject;
    private final int id;
    private final int version;
    private final WireSchema schema;

    private RegistryEncoder(String subject, int id, int version, WireSchema schema) {
        this.subject = subject;
        this.id = id;
        this.version = version;
        this.schema = schema;
    }

    /**
     * Reads the latest schema of a subject.
     *
     * @return null if the subject does not exist
     * @throws RegistryException if the registry does not answer
     * @throws RefusedException if the schema cannot be used
     */
    public static @Nullable RegistryEncoder latest(RegistryClient registry, String subject)
            throws RegistryException, RefusedException {
        try {
            JsonNode latest = registry.version(subject, "latest");
            return new RegistryEncoder(
                    subject,
                    latest.path("id").asInt(),
                    latest.path("version").asInt(),
                    SchemaParser.parse(registry, RegistryClient.schema(latest)));
        } catch (UndecodableException e) {
            throw new RefusedException("The schema of subject '" + subject + "' cannot be used: " + e.getMessage(), e);
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /** Returns the subject and the version, such as {@code orders-value, version 3}. */
    public String name() {
        return subject + ", version " + version;
    }

    /** Returns the id of the schema. */
    public int id() {
        return id;
    }

    /**
     * Encodes a value.
     *
     * @throws RefusedException if it does not fit the schema
     */
    public byte[] encode(JsonNode value) throws RefusedException {
        try {
            byte[] content = schema.encode(value, List.of(0));
            // The list of message indexes that stands for the first message is one zero byte.
            int indexes = schema.hasMessageIndexes() ? 1 : 0;
            return ByteBuffer.allocate(1 + Integer.BYTES + indexes + content.length)
                    .put((byte) 0)
                    .putInt(id)
                    .put(new byte[indexes])
                    .put(content)
                    .array();
        } catch (UndecodableException e) {
            throw new RefusedException(e.getMessage(), e);
        }
    }
}
