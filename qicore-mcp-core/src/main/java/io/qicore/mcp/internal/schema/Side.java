package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jackson's reader or writer, asked for what a schema must say. */
interface Side {

    Direction direction();

    /** Returns the subtypes among which a value names its own, or null if the values of the type name none. */
    @Nullable
    Subtypes subtypes(JavaType type, Place place);

    /** Returns what Jackson knows of a type. */
    BeanDescription describe(JavaType type);

    /** Returns the value that stands for an object of the type, or null if the object has members. */
    @Nullable
    Substitute substitute(JavaType type, Place place);

    /**
     * A value that stands for an object.
     *
     * @param type its type
     * @param use its type as it is declared
     */
    record Substitute(JavaType type, TypeUse use) {}

    /** Returns the members of an object of the type, in their order. */
    List<Member> members(JavaType type, Place place);

    /** Checks that a list or a map of the type can be used. */
    void checkContainer(JavaType type, Place place);
}
