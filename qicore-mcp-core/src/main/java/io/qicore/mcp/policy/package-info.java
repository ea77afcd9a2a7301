/**
 * Rules about requests, which a server applies as interceptors: who may call which tools, how often, and what is recorded of it.
 */
@NullMarked
package io.qicore.mcp.policy;

import org.jspecify.annotations.NullMarked;
