/** Tasks: tool calls that go on after their answer. Start with {@link io.qicore.mcp.task.TaskStore}. */
@NullMarked
package io.qicore.mcp.task;

import org.jspecify.annotations.NullMarked;
