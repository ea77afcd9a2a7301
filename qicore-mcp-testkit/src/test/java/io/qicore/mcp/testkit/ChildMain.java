package io.qicore.mcp.testkit;

/** A program that {@link KilledJvmIT} starts and kills while it runs both servers. */
final class ChildMain {

    static final String STARTING = "starting";
    static final String PROCESS = "process=";

    private ChildMain() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(STARTING);
        StreamingInfrastructure infrastructure = StreamingInfrastructure.embedded();
        if (infrastructure instanceof EmbeddedInfrastructure embedded) {
            System.out.println(PROCESS
                    + embedded.postgres().postmaster().orElseThrow().process().pid());
        }
        Thread.currentThread().join();
    }
}
