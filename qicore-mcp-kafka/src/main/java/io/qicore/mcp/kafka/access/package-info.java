/**
 * What every Kafka server of this module is created from: the connection to the cluster, the options with the policy that
 * limits agents, and the settings that both can be read from. It also has the codes of the errors that agents get. Nothing
 * here depends on a server or a tool.
 */
@NullMarked
package io.qicore.mcp.kafka.access;

import org.jspecify.annotations.NullMarked;
