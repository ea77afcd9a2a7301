package io.qicore.mcp.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** A program that {@link KilledJvmIT} starts and kills while it runs both servers. */
final class ChildMain {

    static final String STARTING = "starting";
    static final String PROCESS = "process=";
    static final String READY = "ready";
    static final String LAST_USE = "last use=";

    private ChildMain() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(STARTING);
        StreamingInfrastructure infrastructure = StreamingInfrastructure.embedded();
        if (infrastructure instanceof EmbeddedInfrastructure embedded) {
            System.out.println(PROCESS
                    + embedded.postgres().postmaster().orElseThrow().process().pid());
        }
        infrastructure.beforeShutdown(() -> System.out.println(LAST_USE + isUsable(infrastructure)));
        System.out.println(READY);
        Thread.currentThread().join();
    }

    private static boolean isUsable(StreamingInfrastructure infrastructure) {
        try (Admin admin = Admin.create(infrastructure.clientProperties());
                Connection connection = DriverManager.getConnection(
                        infrastructure.jdbcUrl(), infrastructure.username(), infrastructure.password())) {
            return connection.isValid(5)
                    && !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
        } catch (Exception e) {
            e.printStackTrace();
            return false;
        }
    }
}
