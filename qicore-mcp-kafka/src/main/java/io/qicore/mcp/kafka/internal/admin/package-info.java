/**
 * Internal: the access of tool calls to Kafka. It holds the Admin client with its life cycle, the session of one call with
 * its deadline, the errors, and the permissions that the policy grants. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.admin;

import org.jspecify.annotations.NullMarked;
