package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.annotation.JacksonAnnotation;
import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonIgnoreType;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRootName;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Set;

/**
 * Refuses Jackson's annotations whose effect a schema cannot express, or that the generator does not know. All others
 * act through the names and types of the properties that Jackson reports.
 */
final class Annotations {

    private static final Set<Class<? extends Annotation>> ON_CLASSES = Set.of(
            JsonAutoDetect.class,
            JsonClassDescription.class,
            JsonIgnoreProperties.class,
            JsonIgnoreType.class,
            JsonInclude.class,
            JsonNaming.class,
            JsonPropertyOrder.class,
            JsonRootName.class,
            JsonSubTypes.class,
            JsonTypeInfo.class,
            JsonTypeName.class);

    private static final Set<Class<? extends Annotation>> ON_MEMBERS = Set.of(
            JsonCreator.class,
            JsonEnumDefaultValue.class,
            JsonGetter.class,
            JsonIgnore.class,
            JsonInclude.class,
            JsonProperty.class,
            JsonPropertyDescription.class,
            JsonValue.class);

    private Annotations() {}

    /** Checks a class, the types that it inherits from, and their members. */
    static void check(Class<?> type, Direction direction, Place place) {
        if (type == Object.class || type.getName().startsWith("java.")) {
            return;
        }
        check(type, ON_CLASSES, direction, place, type.getSimpleName());
        for (Field field : type.getDeclaredFields()) {
            check(field, ON_MEMBERS, direction, place, field.getName());
        }
        for (Method method : type.getDeclaredMethods()) {
            checkExecutable(method, method.getName(), direction, place);
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            checkExecutable(constructor, type.getSimpleName(), direction, place);
        }
        if (type.getSuperclass() != null) {
            check(type.getSuperclass(), direction, place);
        }
        for (Class<?> inherited : type.getInterfaces()) {
            check(inherited, direction, place);
        }
    }

    private static void checkExecutable(Executable executable, String name, Direction direction, Place place) {
        check(executable, ON_MEMBERS, direction, place, name);
        for (var parameter : executable.getParameters()) {
            check(parameter, ON_MEMBERS, direction, place, name);
        }
    }

    private static void check(
            AnnotatedElement element,
            Set<Class<? extends Annotation>> known,
            Direction direction,
            Place place,
            String name) {
        for (Annotation annotation : element.getAnnotations()) {
            Class<? extends Annotation> type = annotation.annotationType();
            boolean jacksons = type.isAnnotationPresent(JacksonAnnotation.class)
                    || type.isAnnotationPresent(JacksonAnnotationsInside.class);
            boolean harmless = known.contains(type)
                    // Another name to read a value by does not change what is written.
                    || (type == JsonAlias.class && (direction == Direction.RESULTS || isConstant(element)));
            if (jacksons && !harmless) {
                throw place.fault(
                        "@" + type.getSimpleName() + " on '" + name + "' cannot be expressed in a JSON Schema",
                        "Remove the annotation, or build the tool with a hand-written schema.");
            }
        }
    }

    private static boolean isConstant(AnnotatedElement element) {
        return element instanceof Field field && field.isEnumConstant();
    }
}
