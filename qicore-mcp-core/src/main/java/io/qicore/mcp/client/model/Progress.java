package io.qicore.mcp.client.model;

import org.jspecify.annotations.Nullable;

/**
 * How far a call has come. Immutable.
 *
 * @param progress the amount of work done, in a unit of the server
 * @param total the total amount of work in the same unit, or null if it is unknown
 * @param message a message for the user, or null
 */
public record Progress(
        double progress, @Nullable Double total, @Nullable String message) {}
