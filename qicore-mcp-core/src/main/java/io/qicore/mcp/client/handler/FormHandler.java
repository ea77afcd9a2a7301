package io.qicore.mcp.client.handler;

import io.qicore.mcp.tool.ElicitationAnswer;

/**
 * Shows forms of servers to the user. Called on a thread that may block; must be thread-safe, because several calls can ask at
 * once.
 */
@FunctionalInterface
public interface FormHandler {

    /**
     * Asks the user. An exception makes the call fail with {@code MCPInputException}.
     *
     * @param form the question; say which server asks, and let the user decline
     * @return the answer, made by a method of the form
     * @throws Exception if the user cannot be asked
     */
    ElicitationAnswer ask(FormRequest form) throws Exception;
}
