/** Authentication by OAuth access tokens: the server as a resource server. */
@NullMarked
package io.qicore.mcp.auth.oauth;

import org.jspecify.annotations.NullMarked;
