/**
 * The point at which an application decides about each request: who sees which tools, resources and prompts, who may call
 * them, how often, and what is recorded of it.
 */
@NullMarked
package io.qicore.mcp.engine.access;

import org.jspecify.annotations.NullMarked;
