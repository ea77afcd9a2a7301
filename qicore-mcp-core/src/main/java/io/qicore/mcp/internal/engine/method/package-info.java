/**
 * The methods of MCP: tools, resources, prompts, completion, subscriptions and the lifecycle. Tasks have a package of their
 * own.
 */
@NullMarked
package io.qicore.mcp.internal.engine.method;

import org.jspecify.annotations.NullMarked;
