/**
 * Internal: batched reads of the state of a cluster, that is of topics, configurations, offsets of logs, groups with their
 * committed offsets, transactions and log directories. Most classes have a method {@code request}, which sends a request,
 * and a method {@code await}, which waits for the answer, so that several requests can be on their way at once. May change
 * without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.read;

import org.jspecify.annotations.NullMarked;
