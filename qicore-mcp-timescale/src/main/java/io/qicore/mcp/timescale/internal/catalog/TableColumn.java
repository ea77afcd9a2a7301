package io.qicore.mcp.timescale.internal.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name its name
 * @param sqlName its name, quoted by the server where necessary: safe to put into SQL
 * @param type its SQL type with modifiers
 * @param category {@code typcategory}, such as {@code N} for numbers and {@code D} for dates and times
 * @param nullable whether it may be null
 * @param defaultValue the expression of its default, if it has one
 * @param comment its comment, if it has one
 */
public record TableColumn(
        String name,
        String sqlName,
        String type,
        String category,
        boolean nullable,
        @Nullable String defaultValue,
        @Nullable String comment) {}
