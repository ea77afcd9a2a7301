package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member of a JSON object, as Jackson reads or writes it.
 *
 * @param name the name in JSON
 * @param type the Java type
 * @param field the field behind the member, which has its annotations; null if there is none
 * @param use the type as it is declared
 * @param required whether the member must be there, although its value can be null or empty
 * @param mayBeLeftOut whether the writer leaves it out for some values, apart from null
 * @param hasNull whether null stands for a value that is null or empty, instead of the absence of the member
 */
record Member(
        String name,
        JavaType type,
        @Nullable Field field,
        TypeUse use,
        boolean required,
        boolean mayBeLeftOut,
        boolean hasNull) {

    /** Returns the fields of a class by the names of its properties in JSON. */
    static Map<String, Field> fields(BeanDescription bean) {
        Map<String, Field> fields = new HashMap<>();
        for (BeanPropertyDefinition property : bean.findProperties()) {
            Field field = field(bean.getBeanClass(), property.getInternalName());
            if (field != null) {
                fields.put(property.getName(), field);
            }
        }
        return fields;
    }

    private static @Nullable Field field(Class<?> type, String name) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Field field : owner.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        return null;
    }
}
