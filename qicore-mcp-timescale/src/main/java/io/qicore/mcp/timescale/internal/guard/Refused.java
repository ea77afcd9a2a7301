package io.qicore.mcp.timescale.internal.guard;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Map;

/** Ends an examination. Does not leave this package. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param why names the object and the reason */
    Refused(String why) {
        super(why, null, false, false);
    }

    String why() {
        return getMessage();
    }

    MCPToolError toToolError() {
        return new MCPToolError(
                TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                "The statement is refused: " + why() + ".",
                Map.of("stage", "guard"));
    }
}
