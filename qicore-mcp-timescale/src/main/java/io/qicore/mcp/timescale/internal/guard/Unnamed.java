package io.qicore.mcp.timescale.internal.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a database without being named in a statement. Immutable after it has been read.
 *
 * @see CatalogQueries#UNNAMED
 */
final class Unnamed {

    /** An object of a relation, or of any statement if the relation is 0. */
    record Row(
            long relation, String kind, long id, @Nullable String definition) {}

    private final Map<Long, List<Row>> ofRelations = new HashMap<>();

    private final List<String> definitions = new ArrayList<>();
    private final String schemas;

    /** @param schemas the schemas of the search path in which it was read */
    Unnamed(List<Row> rows, String schemas) {
        this.schemas = schemas;
        for (Row row : rows) {
            if (row.definition() == null) {
                ofRelations
                        .computeIfAbsent(row.relation(), relation -> new ArrayList<>())
                        .add(row);
            } else {
                definitions.add(row.definition());
            }
        }
    }

    String schemas() {
        return schemas;
    }

    /** Returns the definitions of constraints of domains that read settings. */
    List<String> definitions() {
        return definitions;
    }

    /** Returns what may run in any statement. */
    References everywhere() {
        References references = new References();
        addOf(0, references);
        return references;
    }

    /** Returns the relations that bring other objects with them. */
    Set<Long> relations() {
        return ofRelations.keySet();
    }

    /** Adds what comes with a relation. */
    void addOf(long relation, References references) {
        ofRelations.getOrDefault(relation, List.of()).forEach(row -> references.add(row.kind(), row.id()));
    }
}
