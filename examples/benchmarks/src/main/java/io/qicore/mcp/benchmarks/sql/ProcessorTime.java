package io.qicore.mcp.benchmarks.sql;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The processor time that this JVM and one session of the database have used. Needs the {@code /proc} of Linux. */
final class ProcessorTime {

    private final Path schedule;

    private ProcessorTime(Path schedule) {
        this.schedule = schedule;
    }

    /** Returns the time of the only session of an application. */
    static ProcessorTime of(DataSource database, String application) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT pid FROM pg_stat_activity WHERE application_name = '" + application + "'")) {
            if (!result.next()) {
                throw new IllegalStateException("No session of " + application);
            }
            Path schedule = Path.of("/proc", result.getString(1), "schedstat");
            if (result.next()) {
                throw new IllegalStateException("More than one session of " + application);
            }
            return new ProcessorTime(schedule);
        }
    }

    /** Returns the nanoseconds so far. */
    long nanos() throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        String backend = Files.readString(schedule);
        return system.getProcessCpuTime() + Long.parseLong(backend.substring(0, backend.indexOf(' ')));
    }
}
