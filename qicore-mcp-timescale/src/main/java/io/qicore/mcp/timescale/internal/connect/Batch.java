package io.qicore.mcp.timescale.internal.connect;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are sent together with the opening of a transaction for the statement of an agent.
 *
 * @param session the {@linkplain Session#identity() identity} that the session must have, or null if any will do; in a
 *     session with another identity nothing of the batch runs
 * @param parts the statements
 * @param last whether the transaction ends with them, which saves another round trip
 * @param failure makes the error from a failure of one of the statements
 */
public record Batch(
        @Nullable String session, List<Part> parts, boolean last, Function<SQLException, RuntimeException> failure) {

    /** Copies the list. */
    public Batch {
        parts = List.copyOf(parts);
    }
}
