/**
 * Internal: arguments in the forms in which people and models write them, such as times with any zone and configuration
 * values as numbers. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.argument;

import org.jspecify.annotations.NullMarked;
