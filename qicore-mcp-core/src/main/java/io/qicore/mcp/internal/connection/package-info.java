/** What transports keep about the calls of their clients until these have been answered. */
@NullMarked
package io.qicore.mcp.internal.connection;

import org.jspecify.annotations.NullMarked;
