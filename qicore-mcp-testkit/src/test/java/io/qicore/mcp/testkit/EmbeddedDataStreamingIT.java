package io.qicore.mcp.testkit;

/** Runs the complete data flow on the embedded broker and database. */
final class EmbeddedDataStreamingIT extends DataStreamingContract {

    @Override
    StreamingInfrastructure startInfrastructure() {
        return StreamingInfrastructure.embedded();
    }
}
