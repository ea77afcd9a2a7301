/** Internal: the requests of a client, whatever the revision of the server: negotiation, correlation, deadlines, questions of the server. */
@NullMarked
package io.qicore.mcp.internal.client.protocol;

import org.jspecify.annotations.NullMarked;
