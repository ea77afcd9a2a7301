package io.qicore.mcp.internal.engine.call;

import io.qicore.mcp.tool.ClientFeature;
import java.util.Set;

/**
 * What a client of an older revision has said in {@code initialize}.
 *
 * @param version the revision that was negotiated
 * @param features what the client can do
 */
public record Handshake(String version, Set<ClientFeature> features) {}
