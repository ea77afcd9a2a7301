/** Internal: the connections of transports with their clients, and the calls that have not been answered yet. */
@NullMarked
package io.qicore.mcp.internal.connection;

import org.jspecify.annotations.NullMarked;
