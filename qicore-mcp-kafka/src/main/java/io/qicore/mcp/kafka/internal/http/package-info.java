/** Internal: what the HTTP clients of this module share. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal.http;

import org.jspecify.annotations.NullMarked;
