/** An example of a custom transport. */
@NullMarked
package io.qicore.mcp.examples.transport;

import org.jspecify.annotations.NullMarked;
