/** Internal: protocol revisions and methods behind the engine function. */
@NullMarked
package io.qicore.mcp.internal.engine;

import org.jspecify.annotations.NullMarked;
