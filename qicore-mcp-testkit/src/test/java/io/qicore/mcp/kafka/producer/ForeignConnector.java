package io.qicore.mcp.kafka.producer;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** A connector that is not one of this project: it has secrets, and can fail with them in its message. */
public final class ForeignConnector extends SourceConnector {

    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return "1";
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("topic", Type.STRING, "t", Importance.HIGH, "")
                .define("database.hostname", Type.STRING, "localhost", Importance.HIGH, "")
                .define("database.password", Type.PASSWORD, "", Importance.HIGH, "")
                .define("other.password", Type.PASSWORD, "", Importance.HIGH, "")
                .define("connection.url", Type.STRING, "", Importance.HIGH, "")
                .define("batch.size", Type.INT, 1, Importance.LOW, "")
                .define("fail", Type.BOOLEAN, false, Importance.LOW, "");
    }

    @Override
    public void start(Map<String, String> props) {
        properties = Map.copyOf(props);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ForeignTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(properties);
    }

    @Override
    public void stop() {}

    /** Delivers nothing. */
    public static final class ForeignTask extends SourceTask {

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> props) {
            if (Boolean.parseBoolean(props.get("fail"))) {
                throw new ConnectException(
                        "Cannot connect to " + props.get("connection.url"),
                        new IllegalStateException("password " + props.get("database.password") + " was refused"));
            }
        }

        @Override
        public List<SourceRecord> poll() throws InterruptedException {
            Thread.sleep(100);
            return null;
        }

        @Override
        public void stop() {}
    }
}
