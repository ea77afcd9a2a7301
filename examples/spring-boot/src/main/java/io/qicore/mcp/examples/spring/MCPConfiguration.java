package io.qicore.mcp.examples.spring;

import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.servlet.MCPServlet;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The MCP server and its servlet, which the container of Spring Boot runs. */
@Configuration(proxyBeanMethods = false)
class MCPConfiguration {

    static final String PATH = "/mcp";

    @Bean
    ServletRegistrationBean<MCPServlet> mcpServlet(SecurityCallers callers) {
        MCPServlet servlet = MCPServlet.builder()
                .access(HttpAccess.builder().authenticator(callers).build())
                .build();
        ServletRegistrationBean<MCPServlet> registration = new ServletRegistrationBean<>(servlet, PATH);
        registration.setAsyncSupported(true);
        return registration;
    }

    @Bean
    ShopServer shopServer(ServletRegistrationBean<MCPServlet> registration) {
        return new ShopServer(ServerSettings.builder()
                .transport(registration.getServlet())
                // A tool for which the user has no right is hidden, and answered as if it did not exist.
                .interceptor(ToolRights.create())
                .build());
    }
}
