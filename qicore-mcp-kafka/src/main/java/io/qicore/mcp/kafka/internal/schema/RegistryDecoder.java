package io.qicore.mcp.kafka.internal.schema;

import io.qicore.mcp.kafka.internal.content.ContentDecoder;
import io.qicore.mcp.kafka.internal.registry.RegisteredSchema;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes contents with the schemas of a registry. A schema never changes, so it is kept; that one could not be read is
 * remembered for a short time, so that many records of it do not take long. Thread-safe.
 */
public final class RegistryDecoder implements ContentDecoder {

    private static final Logger log = LoggerFactory.getLogger(RegistryDecoder.class);

    private static final int MAX_KEPT = 1_000;
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

    /** A schema, or why it cannot be used. */
    private record Known(
            @Nullable WireSchema schema, @Nullable String failure, long untilNanos) {}

    private final RegistryClient registry;
    private final Map<Object, Known> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Known> eldest) {
            return size() > MAX_KEPT;
        }
    });

    /** Creates a decoder. */
    public RegistryDecoder(RegistryClient registry) {
        this.registry = registry;
    }

    @Override
    public @Nullable Decoding decode(boolean key, Headers headers, byte[] bytes, boolean whole) {
        Framing framing = Framing.of(key, headers, bytes);
        if (framing == null) {
            return null;
        }
        String subject = "Schema " + framing.id() + ": ";
        if (!whole) {
            return new Decoding.Failed(subject + "it is too large to be decoded.");
        }
        Known found = known(framing.id());
        WireSchema schema = found.schema();
        if (schema == null) {
            return new Decoding.Failed(subject + found.failure());
        }
        try {
            List<Integer> indexes = schema.hasMessageIndexes() ? framing.readIndexes() : List.of();
            return new Decoding.Decoded(
                    schema.decode(bytes, framing.contentStart(), indexes),
                    new SchemaName(String.valueOf(framing.id()), schema.type(), schema.name(indexes)));
        } catch (UndecodableException e) {
            log.debug("A record could not be decoded with schema {}", framing.id(), e);
            return new Decoding.Failed(subject + e.getMessage());
        }
    }

    private Known known(Object id) {
        Known found = known.get(id);
        if (found != null && (found.schema() != null || found.untilNanos() - System.nanoTime() > 0)) {
            return found;
        }
        Known read;
        try {
            RegisteredSchema registered = id instanceof UUID guid ? registry.byGuid(guid) : registry.byId((Integer) id);
            read = new Known(SchemaParser.parse(registry, registered), null, 0);
        } catch (RegistryException | UndecodableException e) {
            log.debug("Schema {} cannot be used", id, e);
            read = new Known(null, e.getMessage(), System.nanoTime() + FAILURE_KEPT.toNanos());
        }
        known.put(id, read);
        return read;
    }
}
