package io.qicore.mcp.kafka.internal.cluster;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what did not answer a check of the health. Silence is a finding about the cluster. A refusal is not: it says
 * only what this server may not see, so it becomes a warning.
 */
final class Unanswered {

    private final Warnings warnings;
    private final List<String> findings = new ArrayList<>();
    private @Nullable MCPToolError first;

    Unanswered(Warnings warnings) {
        this.warnings = warnings;
    }

    /**
     * Reads an answer.
     *
     * @param finding what it means that there is no answer, as a sentence
     * @return empty if there is no answer, or if it is a refusal
     * @throws MCPToolError only if the call was cancelled
     */
    <T> Optional<T> ask(String finding, Supplier<@Nullable T> answer) {
        try {
            return Optional.ofNullable(answer.get());
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            if (e.is(KafkaErrorCode.BROKER_UNAVAILABLE)) {
                first = first == null ? e : first;
                findings.add(finding);
            } else {
                warnings.add(e.getMessage());
            }
            return Optional.empty();
        }
    }

    /** Returns the findings in the order of the questions. */
    List<String> findings() {
        return findings;
    }

    /** Returns the error of the first question without an answer; null if all had one. */
    @Nullable
    MCPToolError first() {
        return first;
    }
}
