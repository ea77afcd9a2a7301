package io.qicore.mcp.client.endpoint;

/** Where a server is and how it is reached. Immutable. */
public sealed interface ServerEndpoint permits HttpEndpoint, StdioEndpoint, InProcessEndpoint {

    /** Returns the name or address of the server, for messages; contains no credentials. */
    @Override
    String toString();
}
