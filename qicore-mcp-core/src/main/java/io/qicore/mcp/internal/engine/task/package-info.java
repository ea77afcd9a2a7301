/** Tool calls that go on as tasks: {@code tasks/*}, and the work behind them. */
@NullMarked
package io.qicore.mcp.internal.engine.task;

import org.jspecify.annotations.NullMarked;
