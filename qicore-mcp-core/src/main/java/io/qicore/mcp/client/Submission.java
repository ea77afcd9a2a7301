package io.qicore.mcp.client;

import io.qicore.mcp.client.model.CallResult;
import java.util.Objects;

/** How a server has answered a call that may go on as a task. Immutable. */
public sealed interface Submission {

    /** The call is complete. A tool that has failed has a result, too. */
    record Completed(CallResult result) implements Submission {
        /** Requires a result. */
        public Completed {
            Objects.requireNonNull(result, "result");
        }
    }

    /** The call goes on as a task. */
    record Continues(ServerTask task) implements Submission {
        /** Requires a task. */
        public Continues {
            Objects.requireNonNull(task, "task");
        }
    }
}
