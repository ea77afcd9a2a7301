package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.util.ClassUtil;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Refuses types that contain themselves with ever other type arguments. Jackson and the generator would follow them until
 * the stack overflows.
 */
final class Expansion {

    private static final int MOST = 16;

    private final Function<JavaType, BeanDescription> describe;
    private final Deque<JavaType> open = new ArrayDeque<>();
    private final Set<JavaType> done = new HashSet<>();

    Expansion(Function<JavaType, BeanDescription> describe) {
        this.describe = describe;
    }

    /** Checks a type among those that are around it. */
    static void check(JavaType type, Collection<JavaType> around, Place place) {
        Class<?> raw = type.getRawClass();
        if (around.stream().filter(other -> other.getRawClass() == raw).count() == MOST) {
            throw place.fault(
                    raw.getName() + " contains itself with ever other type arguments",
                    "Use the same type arguments inside it.");
        }
    }

    /** Checks a type and the types of its members. */
    void check(JavaType type, Place place) {
        if (!done.add(type)) {
            return;
        }
        for (int i = 0; i < type.containedTypeCount(); i++) {
            check(type.containedType(i), place);
        }
        if (type.isArrayType()) {
            check(type.getContentType(), place);
        }
        Class<?> raw = type.getRawClass();
        if (type.isContainerType() || type.isPrimitive() || raw.isEnum() || ClassUtil.isJDKClass(raw)) {
            return;
        }
        check(type, open, place);
        open.push(type);
        for (BeanPropertyDefinition property : describe.apply(type).findProperties()) {
            check(property.getPrimaryType(), place.component(raw, property.getName()));
        }
        open.pop();
    }
}
