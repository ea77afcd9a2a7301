/**
 * An MCP server through which agents explore, query and operate a TimescaleDB or PostgreSQL database.
 *
 * <ul>
 *   <li>{@link io.qicore.mcp.timescale.TimescaleMCPServer} is the server; {@code TimescaleMCPServerProvider} creates it
 *       from settings.
 *   <li>{@link io.qicore.mcp.timescale.access} holds its connection, policy, options, settings and error codes.
 *   <li>{@code internal} lists the tools by group. Each group has a package with one class for each tool: {@code schema},
 *       {@code query}, {@code series}, {@code hypertable} and {@code operations}. The tools use {@code connect} for
 *       connections and transactions with deadlines, {@code catalog} for what the database contains, {@code role} for the
 *       privileges of the database user, and {@code sql} for SQL texts.
 * </ul>
 */
@NullMarked
package io.qicore.mcp.timescale;

import org.jspecify.annotations.NullMarked;
