/** Attacks on authentication and authorization, on every transport. */
@org.jspecify.annotations.NullMarked
package io.qicore.mcp.attack;
