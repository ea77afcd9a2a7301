/** Benchmarks that compare tools with direct calls of Kafka's client. Run them with {@code .ci/bench NAME}. */
@NullMarked
package io.qicore.mcp.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
