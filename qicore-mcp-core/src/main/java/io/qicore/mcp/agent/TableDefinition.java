package io.qicore.mcp.agent;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table that a {@link DataPipelineAgent} creates for the data of a flow. Immutable.
 *
 * @param name name of the table, with or without its schema
 * @param columns the columns, in their order; at least one
 * @param primaryKey names of the columns of the primary key; empty for a table without one
 * @param timeColumn name of the column by which the table is partitioned where the database can do so; null leaves an
 *     ordinary table
 */
public record TableDefinition(
        String name,
        List<Column> columns,
        List<String> primaryKey,
        @Nullable String timeColumn) {

    /**
     * One column. Immutable.
     *
     * @param name name of the column
     * @param type data type of the column, as the database names it
     */
    public record Column(String name, String type) {
        /** Requires what is not marked as nullable. */
        public Column {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there are no columns
     */
    public TableDefinition {
        Objects.requireNonNull(primaryKey, "primaryKey");
        Objects.requireNonNull(name, "name");
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("The table " + name + " needs at least one column.");
        }
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
    }
}
