package io.qicore.mcp.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as Connect uses it, without a worker. */
@Timeout(90)
class QiCoreSourceTaskTest {

    @TempDir
    private Path folder;

    private Map<String, String> properties(String lines, String more) throws Exception {
        Files.writeString(folder.resolve("f.jsonl"), lines);
        Map<String, String> properties = new HashMap<>();
        properties.put("name", "c");
        for (String converter : SourceConnectorConfig.CONVERTERS) {
            properties.put(converter, SourceConnectorConfig.CONVERTER);
        }
        properties.put("kafka.bootstrap.servers", "localhost:1");
        properties.put("setting.PRODUCER_REPLAY_DIRECTORY", folder.toString());
        properties.put(
                SourceConnectorConfig.SOURCE,
                "{\"type\":\"replay\",\"topic\":\"t\",\"path\":\"f.jsonl\",\"keyField\":\"k\",\"rate\":0" + more + "}");
        return properties;
    }

    private static QiCoreSourceTask task(Map<String, String> properties, Map<String, Object> offset) {
        OffsetStorageReader reader = mock(OffsetStorageReader.class);
        when(reader.offset(any())).thenReturn(offset);
        SourceTaskContext context = mock(SourceTaskContext.class);
        when(context.offsetStorageReader()).thenReturn(reader);
        QiCoreSourceTask task = new QiCoreSourceTask();
        task.initialize(context);
        task.start(properties);
        return task;
    }

    private static List<SourceRecord> read(QiCoreSourceTask task, int count) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        while (records.size() < count) {
            List<SourceRecord> some = task.poll();
            if (some != null) {
                records.addAll(some);
            }
        }
        return records;
    }

    @Test
    void records_haveTheOffsetBehindThem_andATaskGoesOnThere() throws Exception {
        Map<String, String> properties = properties("{\"k\":1}\n{\"k\":2}\n{\"k\":3}\n", "");
        List<SourceRecord> records = read(task(properties, null), 3);
        assertThat(records)
                .extracting(record -> (Object) record.sourceOffset().get("line"))
                .containsExactly(1L, 2L, 3L);
        assertThat(records).allSatisfy(record -> assertThat(record.topic()).isEqualTo("t"));

        @SuppressWarnings("unchecked")
        var second = (Map<String, Object>) records.get(1).sourceOffset();
        List<SourceRecord> rest = read(task(properties, second), 1);
        assertThat(rest).hasSize(1);
        assertThat(new String((byte[]) rest.get(0).value())).contains("3");
        assertThat(SourceOffset.of(rest.get(0).sourceOffset()).records()).isEqualTo(3);
    }

    @Test
    void end_isReportedOnlyWhenAllIsAcknowledged() throws Exception {
        QiCoreSourceTask task = task(properties("{\"k\":1}\n{\"k\":2}\n", ""), null);
        List<SourceRecord> records = read(task, 2);
        for (int i = 0; i < 5; i++) {
            assertThat(task.poll()).isNull();
        }
        task.commitRecord(records.get(0), null);
        assertThat(task.poll()).isNull();
        task.commitRecord(records.get(1), null);
        assertThatThrownBy(task::poll)
                .isExactlyInstanceOf(SourceCompletedException.class)
                .hasMessageContaining("not a fault")
                .hasMessageContaining("(2)");
        assertThat(SourceCompletedException.class.getName()).isEqualTo(SourceConnectorConfig.COMPLETED);
        task.stop();
    }

    @Test
    void wrongData_endsTheTask_afterTheRecordsBefore() throws Exception {
        QiCoreSourceTask task = task(properties("{\"k\":1}\nnonsense\n", ""), null);
        assertThat(read(task, 1)).hasSize(1);
        assertThatThrownBy(() -> {
                    while (true) {
                        task.poll();
                    }
                })
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageContaining("Line 2")
                .hasNoCause();
    }

    @Test
    void settings_andFiles_thatAreWrong_areFoundByTheValidation() throws Exception {
        Map<String, String> good = properties("{\"k\":1}\n", "");
        assertThat(errors(good)).isEmpty();
        assertThat(position(good)).isEqualTo("{}");
        Map<String, String> simulated = new HashMap<>(good);
        simulated.put(SourceConnectorConfig.SOURCE, "{\"topic\":\"t\"}");
        assertThat(position(simulated).toString()).contains("seed");

        assertThat(errors(properties("{\"k\":1}\n", ",\"typo\":1")))
                .singleElement()
                .asString()
                .contains("typo");
        assertThat(errors(properties("{\"k\":1}\n", ",\"path\":\"missing\""))).hasSize(1);
        for (String property : List.of("kafka.bootstrap.servers", "source.config")) {
            Map<String, String> without = new HashMap<>(good);
            without.remove(property);
            assertThat(errors(without)).as(property).isNotEmpty();
        }
        for (var change : Map.of(
                        "value.converter", "org.apache.kafka.connect.json.JsonConverter",
                        "source.config", "[]",
                        "source.rate", "-1",
                        "source.position", "{\"line\":-1}",
                        "setting.PRODUCER_REPLAY_DIRECTORY", "/missing")
                .entrySet()) {
            Map<String, String> changed = new HashMap<>(good);
            changed.put(change.getKey(), change.getValue());
            assertThat(errors(changed)).as(change.toString()).isNotEmpty();
        }
    }

    private static List<String> errors(Map<String, String> properties) {
        return new QiCoreSourceConnector()
                .validate(properties).configValues().stream()
                        .flatMap(value -> value.errorMessages().stream())
                        .toList();
    }

    private static Object position(Map<String, String> properties) {
        return new QiCoreSourceConnector()
                .validate(properties).configValues().stream()
                        .filter(value -> value.name().equals(SourceConnectorConfig.POSITION))
                        .map(ConfigValue::recommendedValues)
                        .findFirst()
                        .orElseThrow()
                        .get(0);
    }

    @Test
    void references_areNotOnesForConnect_andMeanTheSame() throws Exception {
        var spec =
                SourceTypes.discover().read(Json.MAPPER.createObjectNode().put("topic", "${file:/f:k} \\${x:y}"), "t");
        Map<String, String> properties = new HashMap<>(SourceConnectorConfig.of("c", spec));
        assertThat(properties.get(SourceConnectorConfig.SOURCE)).doesNotContain("$");
        properties.put("kafka.bootstrap.servers", "localhost:1");
        assertThat(new SourceConnectorConfig(properties, SourceTypes.discover()).spec())
                .isEqualTo(spec);
    }

    @Test
    void offsets_canBeChangedToWhatATaskCanRead() {
        QiCoreSourceConnector connector = new QiCoreSourceConnector();
        Map<String, String> config = Map.of("name", "c");
        assertThat(connector.alterOffsets(config, Map.of(SourceOffset.partition("c"), Map.of("line", 3L))))
                .isTrue();
        Map<Map<String, ?>, Map<String, ?>> deleted = new HashMap<>();
        deleted.put(Map.of("other", 1), null);
        assertThat(connector.alterOffsets(config, deleted)).isTrue();
        assertThatThrownBy(() -> connector.alterOffsets(config, Map.of(Map.of("x", 1), Map.of("line", 3L))))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() ->
                        connector.alterOffsets(config, Map.of(SourceOffset.partition("c"), Map.of("line", List.of()))))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void offset_survivesItsStorage() {
        SourceOffset offset =
                SourceOffset.start(SourcePosition.of("line", 7)).after(SourcePosition.of("line", 8), 5, Instant.EPOCH);
        assertThat(SourceOffset.of(offset.values())).isEqualTo(offset);
        assertThat(offset.position().values()).containsOnlyKeys("line");
    }

    @Test
    void rate_isKept_withoutABurstAfterAPause() {
        long[] now = {0};
        Pace pace = new Pace(10, () -> now[0]);
        int turns = 0;
        for (int i = 0; i < 100; i++) {
            now[0] += 20_000_000;
            if (pace.nanosToWait() == 0) {
                pace.taken();
                turns++;
            }
        }
        assertThat(turns).isBetween(19, 21);
        now[0] += 60_000_000_000L;
        int burst = 0;
        while (pace.nanosToWait() == 0) {
            pace.taken();
            burst++;
        }
        assertThat(burst).isLessThanOrEqualTo(2);
        assertThat(new Pace(0, () -> 0).nanosToWait()).isZero();
    }
}
