package io.qicore.mcp.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Serves MCP at {@code /mcp} to the users {@code reader} and {@code operator}. The passwords are properties. */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopApplication {

    /** Runs the application until the process is stopped. */
    public static void main(String[] arguments) {
        SpringApplication.run(ShopApplication.class, arguments);
    }
}
