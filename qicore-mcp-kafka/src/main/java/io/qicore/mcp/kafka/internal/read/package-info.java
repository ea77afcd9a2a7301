/**
 * Internal: batched reads of the state of a cluster. Topics, configurations, offsets of logs, groups with their committed
 * offsets, transactions, and log directories. Most classes have a {@code request} that sends and an {@code await} that
 * waits, so that several requests are on their way at once. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.read;

import org.jspecify.annotations.NullMarked;
