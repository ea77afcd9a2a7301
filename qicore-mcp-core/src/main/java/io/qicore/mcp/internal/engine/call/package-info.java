/**
 * A request while it is served: its deadline, its cancellation, the messages that are sent for it, the rounds of a
 * question to the client, and the interface of a protocol revision.
 */
@NullMarked
package io.qicore.mcp.internal.engine.call;

import org.jspecify.annotations.NullMarked;
