/**
 * An MCP server that lets agents explore, query and look after a TimescaleDB or PostgreSQL database.
 *
 * <ul>
 *   <li>{@link io.qicore.mcp.timescale.TimescaleMCPServer} is the server, and {@code TimescaleMCPServerProvider} makes it
 *       from settings.
 *   <li>{@link io.qicore.mcp.timescale.access} says which database a server uses, what it offers, and what can go wrong.
 *   <li>{@code internal} lists the tools by group; each group has a package with one class for each tool: {@code schema},
 *       {@code query}, {@code series}, {@code hypertable} and {@code operations}. The tools stand on {@code connect}
 *       (connections and bounded transactions), {@code catalog} (what the database has), {@code role} (what its user may
 *       do), {@code change} (confirmation) and {@code sql} (texts without a database).
 * </ul>
 */
@NullMarked
package io.qicore.mcp.timescale;

import org.jspecify.annotations.NullMarked;
