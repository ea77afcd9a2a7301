package io.qicore.mcp.kafka.internal.schema;

import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.content.ContentDecoder;
import io.qicore.mcp.kafka.internal.registry.RegisteredSchema;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import java.time.Duration;
import java.util.List;
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
    private static final Duration SCHEMA_KEPT = Duration.ofDays(1);
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

    /** A schema, or why it cannot be used. */
    private record Known(
            @Nullable WireSchema schema, @Nullable String failure) {}

    private interface Access {

        /** Returns whether a schema may be used. */
        boolean allows(Object id) throws RegistryException;
    }

    private final RegistryClient registry;
    private final SchemaOwners owners;
    private final Recent<Known> known = new Recent<>(MAX_KEPT);

    /** Creates a decoder. */
    public RegistryDecoder(RegistryClient registry) {
        this.registry = registry;
        this.owners = new SchemaOwners(registry);
    }

    @Override
    public ContentDecoder within(Permissions permissions, String topic) {
        return permissions.everyTopic()
                ? this
                : (key, headers, bytes, whole) ->
                        decode(key, headers, bytes, whole, id -> owners.allow(permissions, topic, id));
    }

    @Override
    public @Nullable Decoding decode(boolean key, Headers headers, byte[] bytes, boolean whole) {
        return decode(key, headers, bytes, whole, id -> true);
    }

    private @Nullable Decoding decode(boolean key, Headers headers, byte[] bytes, boolean whole, Access access) {
        Framing framing = Framing.of(key, headers, bytes);
        if (framing == null) {
            return null;
        }
        String subject = "Schema " + framing.id() + ": ";
        if (!whole) {
            return new Decoding.Failed(subject + "it is too large to be decoded.");
        }
        Known found = known(framing.id(), access);
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

    private Known known(Object id, Access access) {
        try {
            if (!access.allows(id)) {
                return new Known(null, "it does not exist, or belongs to a topic that may not be used here.");
            }
        } catch (RegistryException e) {
            log.debug("The subjects of schema {} cannot be read", id, e);
            return new Known(null, e.getMessage());
        }
        Known found = known.get(id);
        if (found == null) {
            found = read(id);
            known.put(id, found, found.schema() == null ? FAILURE_KEPT : SCHEMA_KEPT);
        }
        return found;
    }

    private Known read(Object id) {
        try {
            RegisteredSchema registered = id instanceof UUID guid ? registry.byGuid(guid) : registry.byId((Integer) id);
            return new Known(SchemaParser.parse(registry, registered), null);
        } catch (RegistryException | UndecodableException e) {
            log.debug("Schema {} cannot be used", id, e);
            return new Known(null, e.getMessage());
        }
    }
}
