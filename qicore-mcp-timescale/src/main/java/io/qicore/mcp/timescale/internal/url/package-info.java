/**
 * Internal: the URL of a database, read and checked without showing the credentials that it may hold.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.url;

import org.jspecify.annotations.NullMarked;
