/**
 * Internal: what the key, the value and the headers of a record hold, as agents may see it: JSON, text or bytes, with masked
 * fields. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.content;

import org.jspecify.annotations.NullMarked;
