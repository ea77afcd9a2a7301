package io.qicore.mcp.auth;

/** The outcome of an authentication: the {@link Caller} of the request, or the {@link Denial} that answers it. */
public sealed interface Authentication permits Caller, Denial {}
