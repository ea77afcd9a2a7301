/** Internal: patterns of names, and errors that suggest a similar name. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal.name;

import org.jspecify.annotations.NullMarked;
