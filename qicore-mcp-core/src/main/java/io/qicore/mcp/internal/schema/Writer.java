package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializer;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import com.fasterxml.jackson.databind.ser.impl.UnknownSerializer;
import io.qicore.mcp.internal.json.Json;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The side that writes results: asks Jackson's serializers. */
final class Writer implements Side {

    /** The rules by which a value that is neither null nor absent is left out. */
    private static final Set<JsonInclude.Include> LEAVES_OUT =
            Set.of(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.CUSTOM);

    private final SerializerProvider provider = Json.MAPPER.getSerializerProviderInstance();
    private final SerializationConfig config = provider.getConfig();

    @Override
    public Direction direction() {
        return Direction.RESULTS;
    }

    @Override
    public @Nullable Subtypes subtypes(JavaType type, Place place) {
        try {
            TypeSerializer ids = provider.findTypeSerializer(type);
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
            throw unwritable(e, place);
        }
    }

    @Override
    public @Nullable JavaType substitute(JavaType type, Place place) {
        AnnotatedMember value = config.introspect(type).findJsonValueAccessor();
        return value == null ? null : value.getType();
    }

    @Override
    public List<Member> members(JavaType type, Place place) {
        BeanDescription description = config.introspect(type);
        Class<?> raw = type.getRawClass();
        if (description.findAnyGetter() != null) {
            throw place.fault("a member of any name cannot be expressed in the schema", "Use a Map.");
        }
        if (type.isAbstract()) {
            throw place.fault(
                    raw.getName() + " is abstract, so the members of its values are unknown",
                    "Use a record, or name the subtypes with @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property ="
                            + " \"type\") and @JsonSubTypes.");
        }
        JsonSerializer<?> serializer = find(type, place);
        if (serializer instanceof UnknownSerializer && raw.isRecord()) {
            return List.of();
        }
        if (serializer.getClass() != BeanSerializer.class) {
            throw place.fault(
                    raw.getName() + " is written by " + serializer.getClass().getName() + ", whose form is unknown",
                    "Use a record, or build the tool with a hand-written schema.");
        }
        Map<String, Field> fields = Member.fields(description);
        boolean classLeavesOut = leavesOut(raw.getAnnotation(JsonInclude.class));
        List<Member> members = new ArrayList<>();
        for (Iterator<PropertyWriter> all = serializer.properties(); all.hasNext(); ) {
            BeanPropertyWriter property = (BeanPropertyWriter) all.next();
            JsonInclude own = property.getAnnotation(JsonInclude.class);
            members.add(new Member(
                    property.getName(),
                    property.getType(),
                    fields.get(property.getName()),
                    own == null ? classLeavesOut : leavesOut(own),
                    !property.willSuppressNulls()));
        }
        return members;
    }

    private static boolean leavesOut(@Nullable JsonInclude inclusion) {
        return inclusion != null && LEAVES_OUT.contains(inclusion.value());
    }

    private JsonSerializer<?> find(JavaType type, Place place) {
        try {
            return provider.findPrimaryPropertySerializer(type, null);
        } catch (JsonMappingException e) {
            throw unwritable(e, place);
        }
    }

    @Override
    public void checkContainer(JavaType type, Place place) {
        find(type, place);
    }

    private static IllegalArgumentException unwritable(JsonMappingException e, Place place) {
        return place.fault(
                "Jackson cannot write it: " + e.getOriginalMessage(),
                "Use a record, or build the tool with a hand-written schema.");
    }
}
