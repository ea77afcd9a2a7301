/** Internal: the channels of a client over HTTP. */
@NullMarked
package io.qicore.mcp.internal.client.http;

import org.jspecify.annotations.NullMarked;
