/** Internal: the credentials in requests. */
@NullMarked
package io.qicore.mcp.internal.auth;

import org.jspecify.annotations.NullMarked;
