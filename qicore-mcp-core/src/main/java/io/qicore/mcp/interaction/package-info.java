/** What a handler knows of a request and its client, and how it asks the client for input. */
@NullMarked
package io.qicore.mcp.interaction;

import org.jspecify.annotations.NullMarked;
