package io.qicore.mcp.client.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The part of an HTTP answer that is not in its body. Immutable.
 *
 * @param status the status code
 * @param challenge the value of {@code WWW-Authenticate}, with commas if there are several; null if there is none
 * @param retryAfter after what time the server wants to be asked again; null if it did not say
 */
public record HttpAnswer(
        int status, @Nullable String challenge, @Nullable Duration retryAfter) {}
