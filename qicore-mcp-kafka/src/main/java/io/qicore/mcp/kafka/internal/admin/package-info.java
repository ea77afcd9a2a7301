/**
 * Internal: how a tool call reaches Kafka. The Admin client and its life cycle, the session of one call with its deadline,
 * the errors, what the policy permits, and the confirmation of planned changes. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.admin;

import org.jspecify.annotations.NullMarked;
