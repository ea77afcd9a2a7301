/**
 * JSON-RPC and MCP objects: messages in and out, errors, and content, definitions and results as JSON. Knows no call.
 */
@NullMarked
package io.qicore.mcp.internal.engine.rpc;

import org.jspecify.annotations.NullMarked;
