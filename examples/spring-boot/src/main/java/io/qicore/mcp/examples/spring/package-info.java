/** An example of an MCP server in a Spring Boot application, whose callers are the users of Spring Security. */
@NullMarked
package io.qicore.mcp.examples.spring;

import org.jspecify.annotations.NullMarked;
