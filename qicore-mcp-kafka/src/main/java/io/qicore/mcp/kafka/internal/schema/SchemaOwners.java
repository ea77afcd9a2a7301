package io.qicore.mcp.kafka.internal.schema;

import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a caller may see a schema that a record names by its id. Whoever can write a record can name any id, so without
 * this check the ids of hidden schemas could be tried out. Thread-safe.
 */
final class SchemaOwners {

    private static final int MAX_KEPT = 1_000;
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

    /** The subjects of a schema, or why they could not be read. */
    private record Owners(Set<String> subjects, @Nullable RegistryException failure) {}

    private final RegistryClient registry;
    private final Recent<Owners> known = new Recent<>(MAX_KEPT);

    SchemaOwners(RegistryClient registry) {
        this.registry = registry;
    }

    /**
     * Returns whether the caller may see a schema that a record of a topic names.
     *
     * @param id the id, or the global id
     * @return false if the caller may not see the schema, or if it does not exist; a caller cannot tell these apart
     */
    boolean allow(Permissions permissions, String topic, Object id) throws RegistryException {
        Owners owners = known.get(id);
        if (owners == null) {
            owners = owners(id);
            known.put(id, owners, owners.failure() == null ? KEPT : FAILURE_KEPT);
        }
        if (owners.failure() != null) {
            throw owners.failure();
        }
        return owners.subjects().stream()
                .anyMatch(subject -> Subjects.visible(permissions, subject) || Subjects.ofTopic(topic, subject));
    }

    private Owners owners(Object id) {
        try {
            return new Owners(read(id), null);
        } catch (RegistryException e) {
            return e.kind() == RegistryException.Kind.NOT_FOUND ? new Owners(Set.of(), null) : new Owners(Set.of(), e);
        }
    }

    private Set<String> read(Object id) throws RegistryException {
        if (id instanceof UUID guid) {
            Set<String> all = new HashSet<>();
            for (int each : registry.idsOf(guid)) {
                all.addAll(registry.subjectsOf(each));
            }
            return all;
        }
        return registry.subjectsOf((Integer) id);
    }
}
