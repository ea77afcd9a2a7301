/** Internal: transports with one client on one connection. */
@NullMarked
package io.qicore.mcp.internal.connection;

import org.jspecify.annotations.NullMarked;
