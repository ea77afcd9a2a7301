/**
 * Storage of tasks, which are tool calls that continue in the background. A {@link io.qicore.mcp.task.TaskStore} keeps
 * each {@link io.qicore.mcp.task.Task}; {@link io.qicore.mcp.task.InMemoryTaskStore} is the one for a single process.
 */
@NullMarked
package io.qicore.mcp.task;

import org.jspecify.annotations.NullMarked;
