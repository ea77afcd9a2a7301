package io.qicore.mcp.faults;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.transport.http.HttpTransport;
import io.qicore.mcp.transport.servlet.MCPServlet;
import io.qicore.mcp.transport.stdio.StdioTransport;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The server that bad clients attack. Prints its port; on the line {@code stop} it stops and prints how long that took. */
final class FaultServer extends StatelessMCPServer {

    record Nothing() {}

    record Text(String text) {}

    record Size(int size) {}

    private final AtomicInteger stubborn = new AtomicInteger();

    private FaultServer(ServerSettings settings) {
        super(new ServerInfo("victim", "1"), settings);
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(
                MCPTool.builder("echo", Text.class, Text.class)
                        .description("Says the same.")
                        .handler((text, context) -> text)
                        .build(),
                MCPTool.builder("repeat", Size.class, Text.class)
                        .description("Says a lot.")
                        .handler((size, context) -> new Text("x".repeat(size.size())))
                        .build(),
                MCPTool.builder("task", Nothing.class, Text.class)
                        .description("Ends at once, as a task.")
                        .resultHandler((nothing, context) -> ToolResult.task(task -> ToolResult.of(new Text("done"))))
                        .build(),
                MCPTool.builder("replace_tools", Nothing.class, Text.class)
                        .description("Tells all listeners that the tools have changed; returns the microseconds.")
                        .handler((nothing, context) -> {
                            long start = System.nanoTime();
                            engine().replaceTools(offeredTools());
                            return new Text(Long.toString((System.nanoTime() - start) / 1_000));
                        })
                        .build(),
                MCPTool.builder("stubborn", Nothing.class, Text.class)
                        .description("Does not react to interrupts.")
                        .timeout(Duration.ofMinutes(1))
                        .handler((nothing, context) -> {
                            stubborn.incrementAndGet();
                            long end =
                                    System.nanoTime() + Duration.ofSeconds(30).toNanos();
                            while (System.nanoTime() < end) {
                                LockSupport.parkNanos(10_000_000);
                                Thread.interrupted();
                            }
                            return new Text("at last");
                        })
                        .build(),
                MCPTool.builder("interrupted", Nothing.class, Text.class)
                        .description("Throws an InterruptedException of its own, and leaves its thread interrupted.")
                        .handler((nothing, context) -> {
                            Thread.currentThread().interrupt();
                            throw new InterruptedException("my own");
                        })
                        .build(),
                MCPTool.builder("exhaust", Nothing.class, Text.class)
                        .description("Allocates until there is no memory.")
                        .handler((nothing, context) -> {
                            List<byte[]> all = new ArrayList<>();
                            while (true) {
                                all.add(new byte[1 << 20]);
                            }
                        })
                        .build());
    }

    /** Takes the transport: {@code http}, {@code servlet} or {@code stdio}. */
    public static void main(String[] arguments) throws Exception {
        ServerSettings.Builder settings =
                ServerSettings.builder().drainTimeout(Duration.ofSeconds(3)).taskStore(new InMemoryTaskStore());
        switch (arguments[0]) {
            case "stdio" -> {
                StdioTransport stdio = StdioTransport.onProcess();
                FaultServer server = new FaultServer(settings.transport(stdio).build());
                server.start();
                stdio.awaitEnd();
                server.close();
            }
            case "servlet" -> {
                MCPServlet servlet = MCPServlet.create();
                Server jetty = new Server(new InetSocketAddress("127.0.0.1", 0));
                ServletContextHandler context = new ServletContextHandler("/");
                ServletHolder holder = new ServletHolder(servlet);
                holder.setAsyncSupported(true);
                context.addServlet(holder, "/mcp");
                jetty.setHandler(context);
                FaultServer server = new FaultServer(settings.transport(servlet).build());
                server.start();
                jetty.start();
                obey(server, jetty, ((ServerConnector) jetty.getConnectors()[0]).getLocalPort());
            }
            default -> {
                HttpTransport http = HttpTransport.onPort(0);
                FaultServer server = new FaultServer(settings.transport(http).build());
                server.start();
                obey(server, jetty(http), http.uri().getPort());
            }
        }
    }

    private static void obey(FaultServer server, Server jetty, int port) throws Exception {
        System.out.println(port);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            if (command.equals("stop")) {
                long start = System.nanoTime();
                server.stop();
                System.out.println((System.nanoTime() - start) / 1_000_000);
            } else if (command.equals("await-stubborn")) {
                while (server.stubborn.get() == 0) {
                    Thread.sleep(10);
                }
                System.out.println("running");
            } else {
                for (ManagedSelector selector : jetty.getConnectors()[0].getContainedBeans(ManagedSelector.class)) {
                    selector.stop();
                }
                System.out.println("deaf");
            }
        }
        System.exit(0);
    }

    /** Returns the Jetty server inside a transport, so that its selector can be broken. */
    private static Server jetty(HttpTransport transport) throws ReflectiveOperationException {
        Object running = field(transport, "running");
        return (Server) field(field(running, "server"), "server");
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
