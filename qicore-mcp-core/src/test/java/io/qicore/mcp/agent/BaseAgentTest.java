package io.qicore.mcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseAgentTest {

    private static final class Agent extends BaseAgent {
        Agent() {
            super("agent");
        }
    }

    private final List<String> done = new ArrayList<>();

    @Test
    void close_runsCleanupsInReverseOnceAndInSpiteOfFailures() {
        Agent agent = new Agent();
        agent.registerCleanup(() -> done.add("first"));
        agent.registerCleanup(() -> {
            throw new IllegalStateException("broken");
        });
        agent.registerCleanup(() -> done.add("last"));
        agent.close();
        agent.close();
        assertThat(done).containsExactly("last", "first");
        assertThat(agent.name()).isEqualTo("agent");
    }

    @Test
    void cleanupOfAClosedAgent_runsAtOnce() {
        Agent agent = new Agent();
        agent.close();
        agent.registerCleanup(() -> done.add("late"));
        assertThat(done).containsExactly("late");
    }
}
