package io.qicore.mcp.protocol;

import io.qicore.mcp.server.ServerInfo;
import io.qicore.mcp.tool.MCPTool;
import java.time.Duration;
import java.util.List;

/** The protocol engine (being written). */
public final class MCPEngine implements AutoCloseable {

    private MCPEngine() {}

    /** A new builder. */
    public static Builder builder(ServerInfo info) {
        return new Builder();
    }

    @Override
    public void close() {}

    /** Builds an engine. */
    public static final class Builder {
        /** Sets the tools. */
        public Builder tools(List<MCPTool> tools) {
            return this;
        }

        /** Sets the timeout of calls. */
        public Builder callTimeout(Duration timeout) {
            return this;
        }

        /** The finished engine. */
        public MCPEngine build() {
            return new MCPEngine();
        }
    }
}
