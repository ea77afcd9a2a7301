/**
 * Prompts, which users choose to start a conversation with the model. An {@link io.qicore.mcp.prompt.MCPPrompt}
 * describes a prompt and its arguments; its {@link io.qicore.mcp.prompt.PromptHandler} returns the messages.
 */
@NullMarked
package io.qicore.mcp.prompt;

import org.jspecify.annotations.NullMarked;
