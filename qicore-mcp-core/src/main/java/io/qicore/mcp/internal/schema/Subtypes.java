package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeIdResolver;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The subtypes of a type whose values name their subtype.
 *
 * @param wrapped whether the name is the only member of an object around the value, instead of a member of it
 * @param property the member that holds the name
 * @param byName the concrete subtypes
 */
record Subtypes(boolean wrapped, String property, Map<String, JavaType> byName) {

    static Subtypes of(
            MapperConfig<?> config, JavaType base, As inclusion, String property, TypeIdResolver ids, Place place) {
        if (ids.getMechanism() != JsonTypeInfo.Id.NAME && ids.getMechanism() != JsonTypeInfo.Id.SIMPLE_NAME) {
            throw place.fault(
                    "@JsonTypeInfo of " + base.getRawClass().getName() + " identifies subtypes by "
                            + ids.getMechanism(),
                    "Use @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = \"type\").");
        }
        if (inclusion != As.PROPERTY && inclusion != As.EXISTING_PROPERTY && inclusion != As.WRAPPER_OBJECT) {
            throw place.fault(
                    "@JsonTypeInfo of " + base.getRawClass().getName() + " includes the name as " + inclusion,
                    "Use include = JsonTypeInfo.As.PROPERTY.");
        }
        AnnotatedClass type = AnnotatedClassResolver.resolve(config, base, config);
        Map<String, JavaType> byName = new LinkedHashMap<>();
        for (NamedType subtype : config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, type)) {
            Class<?> raw = subtype.getType();
            if (isConcrete(raw) && base.getRawClass().isAssignableFrom(raw)) {
                String name = subtype.hasName() ? subtype.getName() : ids.idFromValueAndType(null, raw);
                byName.put(name, config.getTypeFactory().constructSpecializedType(base, raw));
            }
        }
        Set<Class<?>> missing = leaves(base.getRawClass());
        byName.values().forEach(known -> missing.remove(known.getRawClass()));
        if (byName.isEmpty() || !missing.isEmpty()) {
            String name =
                    missing.isEmpty() ? "no subtype" : missing.iterator().next().getName() + " not";
            throw place.fault(
                    "@JsonSubTypes of " + base.getRawClass().getName() + " names " + name, "Name all subtypes in it.");
        }
        return new Subtypes(inclusion == As.WRAPPER_OBJECT, property, byName);
    }

    /** Returns the concrete classes that a sealed type permits; none if it is not sealed. */
    private static Set<Class<?>> leaves(Class<?> type) {
        Set<Class<?>> leaves = new LinkedHashSet<>();
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                if (isConcrete(permitted)) {
                    leaves.add(permitted);
                }
                leaves.addAll(leaves(permitted));
            }
        }
        return leaves;
    }

    private static boolean isConcrete(Class<?> type) {
        return !Modifier.isAbstract(type.getModifiers());
    }
}
