package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeIdResolver;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The subtypes of a type whose values name their subtype.
 *
 * @param inclusion whether the name is a member of the value, or the only member of an object around it
 * @param property the member that holds the name
 * @param visible whether a reader finds the name in a component of the same name, too
 * @param byName the concrete subtypes
 */
record Subtypes(As inclusion, String property, boolean visible, Map<String, JavaType> byName) {

    static Subtypes of(
            MapperConfig<?> config, JavaType base, As inclusion, String property, TypeIdResolver ids, Place place) {
        AnnotatedClass type = AnnotatedClassResolver.resolve(config, base, config);
        JsonTypeInfo.Value info = config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, type);
        if (info.getIdType() != JsonTypeInfo.Id.NAME && info.getIdType() != JsonTypeInfo.Id.SIMPLE_NAME) {
            throw place.fault(
                    "@JsonTypeInfo of " + base.getRawClass().getName() + " identifies subtypes by " + info.getIdType(),
                    "Use @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = \"type\").");
        }
        if (inclusion != As.PROPERTY && inclusion != As.EXISTING_PROPERTY && inclusion != As.WRAPPER_OBJECT) {
            throw place.fault(
                    "@JsonTypeInfo of " + base.getRawClass().getName() + " includes the name as " + inclusion,
                    "Use include = JsonTypeInfo.As.PROPERTY.");
        }
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
        return new Subtypes(inclusion, property, info.getIdVisible(), byName);
    }

    boolean wrapped() {
        return inclusion == As.WRAPPER_OBJECT;
    }

    /** Checks that the name of a subtype and the members of its values do not collide. */
    void check(String name, JavaType type, ObjectNode members, Direction direction, Place place) {
        JsonNode member = members.path("properties").path(property);
        String what = null;
        if (wrapped()) {
            return;
        }
        if (!member.isMissingNode() && !mayBe(name, member)) {
            what = "can never be the name '" + name + "'";
        } else if (direction == Direction.ARGUMENTS && !member.isMissingNode() && !visible) {
            what = "is not read, because Jackson takes it as the name of the subtype";
        } else if (direction == Direction.RESULTS && !member.isMissingNode() && inclusion == As.PROPERTY) {
            what = "is written twice, because the name of the subtype is written, too";
        } else if (direction == Direction.RESULTS && member.isMissingNode() && inclusion == As.EXISTING_PROPERTY) {
            what = "does not exist, but holds the name of the subtype";
        }
        if (what != null) {
            throw place.component(type.getRawClass(), property)
                    .fault(
                            "the member of the property of @JsonTypeInfo " + what,
                            "Use a String with include = EXISTING_PROPERTY and visible = true, or another property.");
        }
    }

    private static boolean mayBe(String name, JsonNode member) {
        JsonNode type = member.path("type");
        boolean text = type.isMissingNode()
                || type.asText().equals("string")
                || type.path(0).asText().equals("string");
        JsonNode values = member.path("enum");
        boolean listed = values.isMissingNode();
        for (JsonNode value : values) {
            listed |= value.asText().equals(name);
        }
        return text && listed;
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
