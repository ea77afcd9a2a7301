/** Benchmarks, side by side with what they are measured against. Run them by {@code .ci/bench NAME}. */
@NullMarked
package io.qicore.mcp.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
