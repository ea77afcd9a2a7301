package io.qicore.mcp.timescale.internal.guard;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Ends an examination. Does not leave this package. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int MOST_NAMED = 3;

    /** @param why names the object and the reason */
    Refused(String why) {
        super(why, null, false, false);
    }

    /** Returns this refusal with the objects of a statement, behind one of which the refused object is. */
    Refused behind(Collection<String> objects) {
        String more = objects.size() > MOST_NAMED ? " or " + (objects.size() - MOST_NAMED) + " others" : "";
        return new Refused(why() + " (behind "
                + objects.stream().limit(MOST_NAMED).collect(Collectors.joining(" or ")) + more + ")");
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
