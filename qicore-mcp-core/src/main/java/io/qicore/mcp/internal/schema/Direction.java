package io.qicore.mcp.internal.schema;

/** Whether values of a type are read from JSON or written as JSON. */
public enum Direction {
    /** Values are read: the schema is that of the deserializer, and objects allow no additional members. */
    ARGUMENTS,
    /** Values are written: the schema is that of the serializer, and objects allow additional members. */
    RESULTS
}
