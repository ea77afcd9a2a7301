/**
 * JSON-RPC and MCP objects: messages, errors, content, definitions and results as JSON. Depends on no other package
 * of the engine.
 */
@NullMarked
package io.qicore.mcp.internal.engine.rpc;

import org.jspecify.annotations.NullMarked;
