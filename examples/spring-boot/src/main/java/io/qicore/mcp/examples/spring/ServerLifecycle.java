package io.qicore.mcp.examples.spring;

import io.qicore.mcp.server.StatelessMCPServer;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts and stops the MCP server with the application. It is in the last phase, the default of {@link SmartLifecycle}, which starts
 * after the web server and stops before it. The MCP server must end its open streams before the web server waits for requests in
 * flight: otherwise a single subscription would hold up the shutdown until {@code spring.lifecycle.timeout-per-shutdown-phase} is
 * over.
 */
@Component
final class ServerLifecycle implements SmartLifecycle {

    private final StatelessMCPServer server;

    ServerLifecycle(StatelessMCPServer server) {
        this.server = server;
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public void stop() {
        server.close();
    }

    @Override
    public boolean isRunning() {
        return server.state() == StatelessMCPServer.State.STARTED;
    }
}
