/**
 * Internal: the tools for the health and the operation of the cluster: brokers, their configuration, reassignments and
 * quotas. They only read. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.cluster;

import org.jspecify.annotations.NullMarked;
