/**
 * The methods of MCP: tools, resources, prompts, completion, subscriptions and the lifecycle. On top of {@code rpc},
 * {@code call}, {@code revision} and {@code task}, which do not know this package.
 */
@NullMarked
package io.qicore.mcp.internal.engine.method;

import org.jspecify.annotations.NullMarked;
