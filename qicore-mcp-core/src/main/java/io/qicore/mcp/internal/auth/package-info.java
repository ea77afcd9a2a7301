/** Internal: credentials in requests, and access tokens. */
@NullMarked
package io.qicore.mcp.internal.auth;

import org.jspecify.annotations.NullMarked;
