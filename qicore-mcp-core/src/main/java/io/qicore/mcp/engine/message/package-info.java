/**
 * The types that a transport and the engine exchange for one message: its metadata, the control of the call while it runs,
 * and the reply. They do not depend on the engine.
 */
@NullMarked
package io.qicore.mcp.engine.message;

import org.jspecify.annotations.NullMarked;
