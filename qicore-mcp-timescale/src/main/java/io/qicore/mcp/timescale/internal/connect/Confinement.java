package io.qicore.mcp.timescale.internal.connect;

import org.jspecify.annotations.Nullable;

/**
 * What confines a transaction that reads for an agent, besides being read-only.
 *
 * @param role the role that it takes, or null to take {@code pg_read_all_data} if the login role can, else none
 * @param foreignTables whether it may read foreign tables, which are files, programs and other servers. PostgreSQL can
 *     refuse them since the releases of August 2024
 */
public record Confinement(@Nullable String role, boolean foreignTables) {}
