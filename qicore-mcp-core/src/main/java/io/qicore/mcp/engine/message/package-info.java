/**
 * What a transport and the engine exchange about one message: what the transport knows about it, what becomes of the call
 * meanwhile, and the answer. Knows nothing of the engine behind it.
 */
@NullMarked
package io.qicore.mcp.engine.message;

import org.jspecify.annotations.NullMarked;
