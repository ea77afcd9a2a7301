package io.qicore.mcp.internal.schema;

import java.lang.reflect.AnnotatedType;
import org.jspecify.annotations.Nullable;

/** Reads JSpecify's annotations. */
final class Nullability {

    private Nullability() {}

    static boolean isNullable(@Nullable AnnotatedType use) {
        return use != null && use.isAnnotationPresent(Nullable.class);
    }
}
