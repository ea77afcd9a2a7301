package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.util.ClassUtil;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A type as it is declared, with JSpecify's annotations.
 *
 * @param declarations what the field of a member and its accessor or parameter say; empty if nothing is known
 */
record TypeUse(List<AnnotatedType> declarations) {

    static final TypeUse UNKNOWN = new TypeUse(List.of());

    /** Returns the type of a member, as its field, and the method or parameter that Jackson uses, declare it. */
    static TypeUse of(@Nullable Field field, @Nullable AnnotatedMember member) {
        List<AnnotatedType> declarations = new ArrayList<>();
        if (field != null) {
            declarations.add(field.getAnnotatedType());
        }
        if (member instanceof AnnotatedMethod accessor) {
            Method method = accessor.getAnnotated();
            declarations.add(
                    method.getParameterCount() == 1
                            ? method.getAnnotatedParameterTypes()[0]
                            : method.getAnnotatedReturnType());
        } else if (member instanceof AnnotatedParameter parameter) {
            Executable creator = (Executable) parameter.getOwner().getAnnotated();
            declarations.add(creator.getAnnotatedParameterTypes()[parameter.getIndex()]);
        } else if (member instanceof AnnotatedField other) {
            declarations.add(other.getAnnotated().getAnnotatedType());
        }
        return new TypeUse(declarations);
    }

    /** Returns whether one of the declarations says that the value can be null. */
    boolean isNullable() {
        return declarations.stream().anyMatch(TypeUse::isNullable);
    }

    /** Returns the type argument at an index. */
    TypeUse argument(int index) {
        return part(type -> type instanceof AnnotatedParameterizedType generic
                        && generic.getAnnotatedActualTypeArguments().length > index
                ? Stream.of(generic.getAnnotatedActualTypeArguments()[index])
                : Stream.of());
    }

    /** Returns the type of the items of an array, or of a collection whose type argument at index 0 it is. */
    TypeUse item() {
        return part(type -> type instanceof AnnotatedArrayType array
                ? Stream.of(array.getAnnotatedGenericComponentType())
                : argument(0).declarations.stream());
    }

    private TypeUse part(Function<AnnotatedType, Stream<AnnotatedType>> part) {
        return new TypeUse(
                declarations.stream().flatMap(part).flatMap(TypeUse::bounds).toList());
    }

    /** Returns whether a type argument, here or of a superclass, can be null, at any depth. */
    boolean hasNullableArgument(Class<?> type) {
        if (declarations.stream().anyMatch(TypeUse::hasNullableArgument)) {
            return true;
        }
        for (Class<?> owner = type; owner != null && !ClassUtil.isJDKClass(owner); owner = owner.getSuperclass()) {
            AnnotatedType superclass = owner.getAnnotatedSuperclass();
            if (superclass != null && hasNullableArgument(superclass)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasNullableArgument(AnnotatedType type) {
        return type instanceof AnnotatedParameterizedType generic
                && Arrays.stream(generic.getAnnotatedActualTypeArguments())
                        .flatMap(TypeUse::bounds)
                        .anyMatch(argument -> isNullable(argument) || hasNullableArgument(argument));
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    /** Returns the upper bounds of a wildcard; another type itself. */
    private static Stream<AnnotatedType> bounds(AnnotatedType type) {
        return type instanceof AnnotatedWildcardType wildcard
                ? Arrays.stream(wildcard.getAnnotatedUpperBounds())
                : Stream.of(type);
    }
}
