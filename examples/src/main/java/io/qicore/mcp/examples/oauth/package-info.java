/** An example of a server that takes OAuth access tokens, with an authorization server and a client that steps up. */
@NullMarked
package io.qicore.mcp.examples.oauth;

import org.jspecify.annotations.NullMarked;
