/**
 * Tool calls that continue as tasks: the methods {@code tasks/*} and the work behind them. Depends on {@code rpc} and
 * {@code call}.
 */
@NullMarked
package io.qicore.mcp.internal.engine.task;

import org.jspecify.annotations.NullMarked;
