/** Prompts: what a user can start a conversation with. Start with {@link io.qicore.mcp.prompt.MCPPrompt}. */
@NullMarked
package io.qicore.mcp.prompt;

import org.jspecify.annotations.NullMarked;
