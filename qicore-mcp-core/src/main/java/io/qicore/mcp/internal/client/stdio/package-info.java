/** Internal: the channel of a client to a child process. */
@NullMarked
package io.qicore.mcp.internal.client.stdio;

import org.jspecify.annotations.NullMarked;
