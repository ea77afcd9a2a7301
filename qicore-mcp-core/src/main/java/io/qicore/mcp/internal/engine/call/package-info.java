/**
 * A request while it is served: its deadline, its cancellation, what is sent for it, the rounds of a question to the client,
 * and what a revision of the protocol has to decide about it.
 */
@NullMarked
package io.qicore.mcp.internal.engine.call;

import org.jspecify.annotations.NullMarked;
