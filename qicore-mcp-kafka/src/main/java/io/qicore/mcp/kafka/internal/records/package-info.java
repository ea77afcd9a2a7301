/**
 * Internal: tools that read the records of topics, without a consumer group, within bounds, and with an account of the offsets
 * that were looked at. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.records;

import org.jspecify.annotations.NullMarked;
