package io.qicore.mcp.kafka.lag;

import static org.awaitility.Awaitility.await;

import io.qicore.mcp.kafka.lag.GroupStates.Preparation;
import io.qicore.mcp.testkit.KafkaFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** Starts share groups and streams groups for {@link GroupStates}. */
final class ShareAndStreamsGroups {

    /** Number of records that are written after the members of a streams group have left. */
    static final int WRITTEN_AFTERWARDS = 4;

    private final GroupStates states;
    private final KafkaFixture kafka;
    private final Path folder;

    ShareAndStreamsGroups(GroupStates states, KafkaFixture kafka, Path folder) {
        this.states = states;
        this.kafka = kafka;
        this.folder = folder;
    }

    List<Preparation> preparations() {
        return List.of(
                this::streamsWithoutTopic,
                () -> streams("streams-current"),
                () -> streams("streams-stopped"),
                () -> share("share-current"),
                () -> share("share-behind"),
                () -> share("share-stopped"),
                this::shareWithoutOffsets);
    }

    private void share(String group) throws Exception {
        states.topic(group, 10);
        configure(group, "share.auto.offset.reset", "earliest");
        Map<String, Object> properties = kafka.cluster().clientProperties();
        properties.put("group.id", group);
        var consumer =
                states.keep(new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer()));
        consumer.subscribe(List.of(group));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
        consumer.commitSync();
        await().atMost(Duration.ofSeconds(30)).until(() -> shareLag(group) == 0);
        if (group.equals("share-stopped")) {
            consumer.close();
        }
        if (!group.equals("share-current")) {
            kafka.produce(group, 0, 5);
        }
    }

    /** Lets a member of a share group that starts at the end join and leave, so that it never reads the records before. */
    private void shareWithoutOffsets() throws Exception {
        String group = "share-never";
        states.topic(group, 10);
        Map<String, Object> properties = kafka.cluster().clientProperties();
        properties.put("group.id", group);
        try (var consumer = new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(group));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return kafka.admin()
                        .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                        .partitionsToOffsetInfo(group)
                        .get()
                        .containsKey(GroupStates.id(group, 0));
            });
        }
    }

    private void configure(String group, String name, String value) throws Exception {
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, group),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private long shareLag(String group) throws Exception {
        var info = kafka.admin()
                .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group)
                .get()
                .get(GroupStates.id(group, 0));
        return info == null ? -1 : info.lag().orElse(-1L);
    }

    private void streams(String group) throws Exception {
        states.topic(group, 6, 0);
        kafka.createTopic(group + "-copy", 2);
        var streams = copying(group, group);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> kafka.committed(group, group, 0).orElse(0) == 6);
        if (group.equals("streams-stopped")) {
            streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            await().atMost(Duration.ofSeconds(60)).until(() -> GroupState.EMPTY.equals(states.state(group)));
            kafka.produce(group, 0, WRITTEN_AFTERWARDS);
        }
    }

    private void streamsWithoutTopic() throws Exception {
        kafka.createTopic("streams-not-ready-copy", 2);
        // The application gives up when its topics are missing for two intervals.
        configure("streams-not-ready", "streams.session.timeout.ms", "1200000");
        configure("streams-not-ready", "streams.heartbeat.interval.ms", "300000");
        copying("streams-not-ready", "streams-not-ready-nowhere");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> GroupState.NOT_READY.equals(states.state("streams-not-ready")));
    }

    private KafkaStreams copying(String group, String source) {
        var topology = new StreamsBuilder();
        topology.stream(source, Consumed.with(Serdes.String(), Serdes.String()))
                .to(group + "-copy", Produced.with(Serdes.String(), Serdes.String()));
        var properties = new Properties();
        properties.putAll(kafka.cluster().clientProperties());
        properties.put("application.id", group);
        properties.put("group.protocol", "streams");
        properties.put("state.dir", folder.toString());
        properties.put("commit.interval.ms", 100);
        properties.put("auto.offset.reset", "earliest");
        var streams = states.keep(new KafkaStreams(topology.build(), properties));
        streams.start();
        return streams;
    }
}
