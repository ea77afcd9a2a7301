/** TimescaleDB and PostgreSQL for AI agents. Start with {@link io.qicore.mcp.timescale.TimescaleMCPServer}. */
@NullMarked
package io.qicore.mcp.timescale;

import org.jspecify.annotations.NullMarked;
