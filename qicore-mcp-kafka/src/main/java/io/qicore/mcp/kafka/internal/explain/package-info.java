/** The tool {@code explain_lag}: evidence about the lag of one group, and the causes that it proves. */
@NullMarked
package io.qicore.mcp.kafka.internal.explain;

import org.jspecify.annotations.NullMarked;
