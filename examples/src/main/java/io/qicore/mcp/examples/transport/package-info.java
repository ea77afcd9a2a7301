/** How an application wires in a transport of its own. */
@NullMarked
package io.qicore.mcp.examples.transport;

import org.jspecify.annotations.NullMarked;
