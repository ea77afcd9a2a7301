package io.qicore.mcp.kafka.internal.admin;

import java.time.Duration;

/** Checks, before a producer is started, that its topic exists. */
public interface TopicCheck extends AutoCloseable {

    /**
     * Returns if the topic exists.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if it does not exist, is not visible, or the cluster does not answer in time
     * @throws InterruptedException if the caller is interrupted
     */
    void requireTopic(String topic, Duration timeout) throws InterruptedException;

    @Override
    void close();
}
