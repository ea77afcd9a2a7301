/** Internal: how the messages of a client get to its server and back; the channel within this JVM. */
@NullMarked
package io.qicore.mcp.internal.client.channel;

import org.jspecify.annotations.NullMarked;
