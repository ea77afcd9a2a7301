package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializer;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.ContainerDeserializerBase;
import com.fasterxml.jackson.databind.introspect.AnnotatedWithParams;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.util.ClassUtil;
import io.qicore.mcp.internal.json.Json;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The side that reads arguments: asks Jackson's deserializers. */
final class Reader implements Side {

    private final DeserializationContext context = ((DefaultDeserializationContext)
                    Json.MAPPER.getDeserializationContext())
            .createDummyInstance(Json.MAPPER.getDeserializationConfig());
    private final DeserializationConfig config = context.getConfig();

    @Override
    public Direction direction() {
        return Direction.ARGUMENTS;
    }

    @Override
    public @Nullable Subtypes subtypes(JavaType type, Place place) {
        try {
            TypeDeserializer ids = config.findTypeDeserializer(type);
            return ids == null
                    ? null
                    : Subtypes.of(
                            config,
                            type,
                            ids.getTypeInclusion(),
                            ids.getPropertyName(),
                            ids.getTypeIdResolver(),
                            place);
        } catch (JsonMappingException e) {
            throw unreadable(e, place);
        }
    }

    @Override
    public BeanDescription describe(JavaType type) {
        return config.introspect(type);
    }

    @Override
    public @Nullable Substitute substitute(JavaType type, Place place) {
        ValueInstantiator instantiator = bean(type, place).getValueInstantiator();
        if (instantiator.canCreateUsingDelegate()) {
            return substitute(instantiator.getDelegateType(config), instantiator.getDelegateCreator());
        }
        if (instantiator.canCreateUsingArrayDelegate()) {
            return substitute(instantiator.getArrayDelegateType(config), instantiator.getArrayDelegateCreator());
        }
        if (instantiator.canCreateFromObjectWith() || instantiator.canCreateUsingDefault()) {
            return null;
        }
        Class<?> scalar = scalar(instantiator);
        if (scalar != null) {
            return new Substitute(config.constructType(scalar), TypeUse.UNKNOWN);
        }
        throw place.fault(
                type.getRawClass().getName() + " has no constructor that its members can be read with",
                "Use a record, or add a @JsonCreator.");
    }

    private static Substitute substitute(JavaType type, AnnotatedWithParams creator) {
        return new Substitute(type, TypeUse.of(null, creator.getParameter(0)));
    }

    private static @Nullable Class<?> scalar(ValueInstantiator instantiator) {
        if (instantiator.canCreateFromString()) {
            return String.class;
        }
        if (instantiator.canCreateFromInt() || instantiator.canCreateFromLong()) {
            return Long.class;
        }
        if (instantiator.canCreateFromDouble() || instantiator.canCreateFromBigDecimal()) {
            return Double.class;
        }
        return instantiator.canCreateFromBoolean() ? Boolean.class : null;
    }

    @Override
    public List<Member> members(JavaType type, Place place) {
        BeanDescription description = config.introspect(type);
        if (description.findAnySetterAccessor() != null) {
            throw place.fault("a member of any name cannot be expressed in the schema", "Use a Map.");
        }
        Map<String, Field> fields = Member.fields(description);
        List<Member> members = new ArrayList<>();
        for (Iterator<SettableBeanProperty> all = bean(type, place).properties(); all.hasNext(); ) {
            SettableBeanProperty property = all.next();
            if (!property.isIgnorable()) {
                Field field = fields.get(property.getName());
                members.add(new Member(
                        property.getName(),
                        property.getType(),
                        field,
                        TypeUse.of(field, property.getMember()),
                        property.isRequired(),
                        false,
                        property.isRequired()));
            }
        }
        members.sort(new DeclarationOrder(type.getRawClass()));
        return members;
    }

    private BeanDeserializer bean(JavaType type, Place place) {
        Class<?> raw = type.getRawClass();
        if (ClassUtil.isNonStaticInnerClass(raw)) {
            throw place.fault(raw.getName() + " is an inner class, which cannot be created alone", "Make it static.");
        }
        JsonDeserializer<?> deserializer = find(type, place);
        if (deserializer instanceof BeanDeserializer bean && bean.getClass() == BeanDeserializer.class) {
            return bean;
        }
        throw type.isAbstract()
                ? place.fault(
                        raw.getName() + " is abstract, so nothing says which class to create",
                        "Use a record, or name the subtypes with @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property ="
                                + " \"type\") and @JsonSubTypes.")
                : place.fault(
                        raw.getName() + " is read by " + deserializer.getClass().getName() + ", whose form is unknown",
                        "Use a record, or build the tool with a hand-written schema.");
    }

    private JsonDeserializer<?> find(JavaType type, Place place) {
        try {
            return context.findContextualValueDeserializer(type, null);
        } catch (JsonMappingException e) {
            blame(type, place, new HashSet<>());
            throw unreadable(e, place);
        }
    }

    /** Throws the fault of the member that prevents the reading of the type, if it is one of its members. */
    private void blame(JavaType type, Place place, Set<JavaType> blamed) {
        if (!blamed.add(type) || ClassUtil.isJDKClass(type.getRawClass())) {
            return;
        }
        for (BeanPropertyDefinition property : config.introspect(type).findProperties()) {
            JavaType of = property.getPrimaryType();
            JavaType part = of.getContentType() == null ? of : of.getContentType();
            Place here = place.component(type.getRawClass(), property.getName());
            try {
                context.findContextualValueDeserializer(part, null);
            } catch (JsonMappingException e) {
                blame(part, here, blamed);
                throw unreadable(e, here);
            }
        }
    }

    @Override
    public void checkContainer(JavaType type, Place place) {
        Class<?> raw = type.getRawClass();
        JsonDeserializer<?> deserializer = find(type, place);
        ValueInstantiator instantiator =
                deserializer instanceof ContainerDeserializerBase<?> container && raw != ArrayBlockingQueue.class
                        ? container.getValueInstantiator()
                        : null;
        boolean creates = instantiator == null
                ? !(deserializer instanceof AbstractDeserializer)
                : instantiator.canCreateUsingDefault() || instantiator.canCreateUsingDelegate();
        if (!creates) {
            throw place.fault(raw.getName() + " cannot be created", "Use List, Set or Map.");
        }
        boolean sorts = SortedSet.class.isAssignableFrom(raw)
                || SortedMap.class.isAssignableFrom(raw)
                || PriorityQueue.class.isAssignableFrom(raw)
                || PriorityBlockingQueue.class.isAssignableFrom(raw);
        JavaType sorted = type.isMapLikeType() ? type.getKeyType() : type.getContentType();
        if (sorts && !Comparable.class.isAssignableFrom(sorted.getRawClass())) {
            throw place.fault(
                    sorted.getRawClass().getName() + " is not Comparable, so " + raw.getName() + " cannot sort it",
                    "Use List, Set or Map.");
        }
    }

    private static IllegalArgumentException unreadable(JsonMappingException e, Place place) {
        return place.fault(
                "Jackson cannot read it: " + e.getOriginalMessage(),
                "Use a record, or build the tool with a hand-written schema.");
    }
}
