package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializer;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import com.fasterxml.jackson.databind.ser.impl.UnknownSerializer;
import io.qicore.mcp.internal.json.Json;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
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
    public BeanDescription describe(JavaType type) {
        return config.introspect(type);
    }

    @Override
    public @Nullable Substitute substitute(JavaType type, Place place) {
        AnnotatedMember value = config.introspect(type).findJsonValueAccessor();
        return value == null ? null : new Substitute(value.getType(), TypeUse.of(null, value));
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
        Map<String, JsonInclude.Include> inclusions = inclusions(description);
        List<Member> members = new ArrayList<>();
        for (Iterator<PropertyWriter> all = serializer.properties(); all.hasNext(); ) {
            PropertyWriter property = all.next();
            Field field = fields.get(property.getName());
            JsonInclude.Include inclusion = inclusions.get(property.getName());
            boolean writesEmpty = inclusion == JsonInclude.Include.NON_NULL && isOptional(property.getType());
            members.add(new Member(
                    property.getName(),
                    property.getType(),
                    field,
                    TypeUse.of(field, property.getMember()),
                    false,
                    LEAVES_OUT.contains(inclusion),
                    inclusion == JsonInclude.Include.ALWAYS || writesEmpty));
        }
        return members;
    }

    /** Returns by which rule the members of a class are left out, by their names. */
    private Map<String, JsonInclude.Include> inclusions(BeanDescription description) {
        JsonInclude.Value ofClass = JsonInclude.Value.merge(
                config.getDefaultPropertyInclusion(), description.findPropertyInclusion(JsonInclude.Value.empty()));
        Map<String, JsonInclude.Include> inclusions = new HashMap<>();
        for (BeanPropertyDefinition property : description.findProperties()) {
            JsonInclude.Value own = property.findInclusion();
            inclusions.put(
                    property.getName(), JsonInclude.Value.merge(ofClass, own).getValueInclusion());
        }
        return inclusions;
    }

    private static boolean isOptional(JavaType type) {
        return SchemaGenerator.OPTIONALS.contains(type.getRawClass());
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
