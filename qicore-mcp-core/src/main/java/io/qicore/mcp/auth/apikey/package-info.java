/** Authentication by API keys. */
@NullMarked
package io.qicore.mcp.auth.apikey;

import org.jspecify.annotations.NullMarked;
