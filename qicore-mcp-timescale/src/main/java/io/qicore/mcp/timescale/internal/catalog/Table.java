package io.qicore.mcp.timescale.internal.catalog;

/**
 * A table or view of the catalogue.
 *
 * @param oid its object id, for further look-ups in the same transaction
 * @param schema its schema
 * @param name its name
 * @param sqlName schema and name, quoted by the server where necessary: safe to put into SQL
 * @param kind {@code relkind}: r, p, v, m or f
 */
public record Table(long oid, String schema, String name, String sqlName, char kind) {

    /** Returns the schema and the name for messages. */
    public String fullName() {
        return schema + "." + name;
    }
}
