package io.qicore.mcp.tool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a record component in the JSON Schema that is generated from its record.
 *
 * <p>A component is <em>required</em> unless its type is {@link java.util.Optional}, it is marked
 * {@link org.jspecify.annotations.Nullable}, or it has a {@link #defaultValue()}.
 *
 * <pre>{@code
 * record CreateTopic(
 *         @Schema("Name of the new topic") String name,
 *         @Schema(value = "Number of partitions", minimum = 1) int partitions,
 *         @Schema(value = "Copies of each partition", minimum = 1, defaultValue = "1") int replicationFactor) {}
 * }</pre>
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT})
public @interface Schema {

    /** Describes the value to an agent: its meaning, its unit, and what to know to fill it in. Default: none. */
    String value() default "";

    /**
     * Sets the value of a missing argument, as JSON ({@code "5000"}, {@code "true"}, {@code "[]"}). Text that is not
     * valid JSON is taken as a string. Default: empty, which sets no default value.
     */
    String defaultValue() default "";

    /**
     * Sets the smallest allowed number, inclusive. Cannot widen the range of the type. Default: {@link Long#MIN_VALUE}, which
     * sets no limit.
     */
    long minimum() default Long.MIN_VALUE;

    /**
     * Sets the largest allowed number, inclusive. Cannot widen the range of the type. Default: {@link Long#MAX_VALUE}, which
     * sets no limit.
     */
    long maximum() default Long.MAX_VALUE;

    /** Sets the minimum length of a text or the minimum number of items in a list. Default: 0. */
    int minLength() default 0;

    /** Sets the maximum length of a text or the maximum number of items in a list. Default: no limit. */
    int maxLength() default Integer.MAX_VALUE;

    /**
     * Sets a regular expression (ECMA-262) that must match somewhere in a text; anchor it with {@code ^} and {@code $}
     * to match the whole text. Not for types with a form of their own, such as times. Default: empty, which sets no pattern.
     */
    String pattern() default "";

    /** Lists the allowed values of a text, each of which must be one of the type. Default: empty, which allows any value. */
    String[] allowed() default {};
}
