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

    /** What the value means, its unit, and what an agent must know to fill it in. */
    String value() default "";

    /**
     * The value that a missing argument gets, as JSON ({@code "5000"}, {@code "true"}, {@code "[]"}); text that is not
     * JSON stands for itself as a string. Empty: no default.
     */
    String defaultValue() default "";

    /** Smallest number allowed, inclusive; {@link Long#MIN_VALUE} sets no limit. */
    long minimum() default Long.MIN_VALUE;

    /** Largest number allowed, inclusive; {@link Long#MAX_VALUE} sets no limit. */
    long maximum() default Long.MAX_VALUE;

    /** Shortest text, or fewest items of a list. */
    int minLength() default 0;

    /** Longest text, or most items of a list. */
    int maxLength() default Integer.MAX_VALUE;

    /** Regular expression (ECMA-262) that a text must contain a match of; empty sets none. */
    String pattern() default "";

    /** The only values that a text may have; empty allows every value. */
    String[] allowed() default {};
}
