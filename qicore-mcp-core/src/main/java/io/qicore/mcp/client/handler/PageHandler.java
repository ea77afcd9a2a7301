package io.qicore.mcp.client.handler;

import io.qicore.mcp.tool.ElicitationAnswer;

/**
 * Opens web pages of servers for the user. Called on a thread that may block; must be thread-safe, because several calls can ask
 * at once.
 */
@FunctionalInterface
public interface PageHandler {

    /**
     * Shows the user the whole address and opens the page if the user agrees. Open it in the user's browser, never through a
     * shell, and never load it here. An exception makes the call fail with {@code MCPInputException}.
     *
     * @param page the page
     * @return the answer, made by a method of the page
     * @throws Exception if the user cannot be asked
     */
    ElicitationAnswer open(PageRequest page) throws Exception;
}
