/** What servers tell a client: descriptions of themselves and of what they offer, results, progress, log messages. */
@NullMarked
package io.qicore.mcp.client.model;

import org.jspecify.annotations.NullMarked;
