/** Compares the tool calls per second over HTTP with those of the official Java SDK and of a bare Jetty handler. */
@NullMarked
package io.qicore.mcp.benchmarks.http;

import org.jspecify.annotations.NullMarked;
