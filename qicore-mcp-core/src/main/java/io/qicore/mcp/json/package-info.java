/** JSON for servers, in the form that tools have it. */
@NullMarked
package io.qicore.mcp.json;

import org.jspecify.annotations.NullMarked;
