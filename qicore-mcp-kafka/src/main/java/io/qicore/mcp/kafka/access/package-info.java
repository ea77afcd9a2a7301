/**
 * What every Kafka server of this module is made from: the connection to the cluster, the policy that limits what agents
 * see and change, and the codes of the errors that agents get. Depends on no server and on no tool.
 */
@NullMarked
package io.qicore.mcp.kafka.access;

import org.jspecify.annotations.NullMarked;
