package io.qicore.mcp.transport.servlet;

import jakarta.servlet.Servlet;
import java.io.File;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A servlet container that an application might have, with one servlet at {@code /mcp}, on 127.0.0.1. */
abstract class Container {

    /** The containers that the servlet is tested in. */
    enum Kind {
        TOMCAT,
        JETTY;

        Container start(Servlet servlet) throws Exception {
            return start(servlet, true);
        }

        Container start(Servlet servlet, boolean async) throws Exception {
            return this == TOMCAT ? new InTomcat(servlet, async) : new InJetty(servlet, async);
        }
    }

    /** How long a connection may be idle. */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(4);

    abstract int port();

    URI uri() {
        return URI.create("http://127.0.0.1:" + port() + "/mcp");
    }

    abstract void stop() throws Exception;

    private static final class InTomcat extends Container {

        /** Kept, since the logging of the JDK forgets the levels of loggers that nobody holds. */
        private static final Logger LOG = Logger.getLogger("org.apache");

        private final Tomcat tomcat = new Tomcat();

        InTomcat(Servlet servlet, boolean async) throws Exception {
            LOG.setLevel(Level.SEVERE);
            tomcat.setBaseDir(new File("target/tomcat").getAbsolutePath());
            tomcat.setHostname("127.0.0.1");
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            tomcat.getConnector().setProperty("connectionTimeout", Long.toString(IDLE_TIMEOUT.toMillis()));
            Context context = tomcat.addContext("", null);
            Wrapper wrapper = Tomcat.addServlet(context, "mcp", servlet);
            wrapper.setAsyncSupported(async);
            wrapper.addMapping("/mcp");
            wrapper.addMapping("/.well-known/oauth-protected-resource/*");
            tomcat.start();
        }

        @Override
        int port() {
            return tomcat.getConnector().getLocalPort();
        }

        @Override
        void stop() throws Exception {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static final class InJetty extends Container {

        private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

        InJetty(Servlet servlet, boolean async) throws Exception {
            ServletContextHandler context = new ServletContextHandler("/");
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(async);
            context.addServlet(holder, "/mcp");
            context.addServlet(holder, "/.well-known/oauth-protected-resource/*");
            server.setHandler(context);
            ((ServerConnector) server.getConnectors()[0]).setIdleTimeout(IDLE_TIMEOUT.toMillis());
            server.start();
        }

        @Override
        int port() {
            return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        }

        @Override
        void stop() throws Exception {
            server.stop();
        }
    }
}
