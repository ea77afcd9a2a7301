package io.qicore.mcp.kafka.producer;

import java.time.Duration;

/** Finds out whether a topic can be written to, before anything is started. */
interface TopicCheck extends AutoCloseable {

    /**
     * @throws io.qicore.mcp.tool.MCPToolError if it does not exist, is not visible, or nobody answers in time
     * @throws InterruptedException if the caller is interrupted
     */
    void requireTopic(String topic, Duration timeout) throws InterruptedException;

    @Override
    void close();
}
