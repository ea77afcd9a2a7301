package io.qicore.mcp.kafka.internal.produce;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.content.JsonTrees;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import io.qicore.mcp.kafka.internal.schema.RefusedException;
import io.qicore.mcp.kafka.internal.schema.RegistryEncoder;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The records of a call, encoded with the schemas of the topic. Immutable. */
final class EncodedRecords {

    private static final int MAX_BYTES = 256 * 1024;

    private final List<ProducerRecord<byte[], byte[]>> all;
    private final @Nullable RegistryEncoder keys;
    private final @Nullable RegistryEncoder values;

    private EncodedRecords(
            List<ProducerRecord<byte[], byte[]>> all,
            @Nullable RegistryEncoder keys,
            @Nullable RegistryEncoder values) {
        this.all = all;
        this.keys = keys;
        this.values = values;
    }

    /**
     * Encodes records.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if one of them is refused, with its number and the
     *     place in it
     */
    static EncodedRecords of(
            TopicDescription topic, List<ProduceRecordsTool.NewRecord> records, @Nullable RegistryClient registry) {
        RegistryEncoder keys = records.stream().anyMatch(record -> isGiven(record.key()))
                ? encoder(registry, topic.name() + "-key")
                : null;
        RegistryEncoder values = records.stream().anyMatch(record -> isGiven(record.value()))
                ? encoder(registry, topic.name() + "-value")
                : null;
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        long bytes = 0;
        for (ProduceRecordsTool.NewRecord record : records) {
            String place = "records[" + all.size() + "]";
            if (record.partition() != null
                    && record.partition() >= topic.partitions().size()) {
                throw new MCPToolError(
                        KafkaErrorCode.INVALID_PARTITIONS,
                        place + ": topic '" + topic.name() + "' has no partition " + record.partition() + ": it has "
                                + topic.partitions().size() + ".",
                        Map.of("topic", topic.name(), "partition", record.partition()));
            }
            byte[] key = encoded(place + ".key", record.key(), false, keys);
            byte[] value = encoded(place + ".value", record.value(), record.base64(), values);
            var encoded = new ProducerRecord<>(topic.name(), record.partition(), key, value);
            if (record.headers() != null) {
                new TreeMap<>(record.headers())
                        .forEach((name, text) -> encoded.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
            }
            all.add(encoded);
            bytes += size(encoded);
        }
        if (bytes > MAX_BYTES) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "The records have " + bytes + " bytes, and a call may write " + MAX_BYTES
                            + ". Write them in several" + " calls.",
                    Map.of("argument", "records"));
        }
        return new EncodedRecords(List.copyOf(all), keys, values);
    }

    private static boolean isGiven(@Nullable JsonNode node) {
        return node != null && !node.isNull();
    }

    private static @Nullable RegistryEncoder encoder(@Nullable RegistryClient registry, String subject) {
        if (registry == null) {
            return null;
        }
        try {
            return RegistryEncoder.latest(registry, subject);
        } catch (RefusedException e) {
            throw new MCPToolError(StandardErrorCode.INVALID_ARGUMENT, e.getMessage(), Map.of("subject", subject), e);
        } catch (RegistryException e) {
            // Without its answer the records might be written in a form that consumers cannot read.
            throw new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                    "Nothing was written, because the schema of '" + subject + "' could not be read: " + e.getMessage(),
                    Map.of("subject", subject),
                    e);
        }
    }

    private static byte @Nullable [] encoded(
            String place, @Nullable JsonNode node, boolean base64, @Nullable RegistryEncoder encoder) {
        if (!isGiven(node)) {
            return null;
        }
        try {
            if (base64) {
                if (encoder != null) {
                    throw refused(
                            place, "has a schema, " + encoder.name() + ", so it cannot be given as Base64.", null);
                }
                return Base64.getDecoder().decode(node.asText());
            }
            return encoder == null
                    ? (node.isTextual() ? node.textValue() : JsonTrees.write(node)).getBytes(StandardCharsets.UTF_8)
                    : encoder.encode(node);
        } catch (RefusedException e) {
            throw refused(place, "is refused by " + encoder.name() + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw refused(place, "is not Base64.", e);
        }
    }

    private static MCPToolError refused(String place, String why, @Nullable Exception cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "Nothing was written: " + place + " " + why,
                Map.of("argument", place),
                cause);
    }

    List<ProducerRecord<byte[], byte[]>> all() {
        return all;
    }

    int size() {
        return all.size();
    }

    boolean hasTombstone() {
        return all.stream().anyMatch(record -> record.value() == null);
    }

    @Nullable
    String keySchema() {
        return keys == null ? null : keys.name();
    }

    @Nullable
    String valueSchema() {
        return values == null ? null : values.name();
    }

    /** Returns the number of bytes of the key, the value and the headers. */
    static int size(ProducerRecord<byte[], byte[]> record) {
        int size = length(record.key()) + length(record.value());
        for (var header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** Returns a digest of all records, in their order. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (ProducerRecord<byte[], byte[]> record : all) {
                update(digest, String.valueOf(record.partition()).getBytes(StandardCharsets.UTF_8));
                update(digest, record.key());
                update(digest, record.value());
                record.headers().forEach(header -> {
                    update(digest, header.key().getBytes(StandardCharsets.UTF_8));
                    update(digest, header.value());
                });
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256.", e);
        }
    }

    private static void update(MessageDigest digest, byte @Nullable [] part) {
        digest.update((part == null ? "-" : part.length + ":").getBytes(StandardCharsets.UTF_8));
        if (part != null) {
            digest.update(part);
        }
    }
}
