package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.jar.JarFile;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.BooleanSerializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferSerializer;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.FloatSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.ListSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.apache.kafka.common.serialization.VoidSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Keys and values of every serializer of Kafka are shown, and found by their key. */
class SerializersIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(RecordsMCPServer::new);

    /**
     * A value.
     *
     * @param shown how it is shown; null for a null value
     * @param key how a caller names it as a key; null if it cannot
     */
    private record Sample(
            Class<?> serializer,
            byte @Nullable [] bytes,
            @Nullable String shown,
            @Nullable String key) {}

    private static <T> Sample sample(
            Serializer<T> serializer, @Nullable T value, @Nullable String shown, @Nullable String key) {
        return new Sample(serializer.getClass(), serializer.serialize("types", value), shown, key);
    }

    private static List<Sample> samples() {
        UUID uuid = UUID.fromString("8d1b0f2e-0000-4000-8000-000000000001");
        return List.of(
                sample(new StringSerializer(), "h\u00e9", "{'text':'h\u00e9'}", "h\u00e9"),
                sample(new IntegerSerializer(), 42, "{'base64':'AAAAKg==','integer':42}", "42"),
                // Its bytes are those of the text ABCD.
                sample(new IntegerSerializer(), 1094861636, "{'text':'ABCD'}", "1094861636"),
                sample(new IntegerSerializer(), -1, "{'base64':'/////w==','integer':-1}", "-1"),
                sample(
                        new LongSerializer(),
                        7_000_000_000L,
                        "{'base64':'AAAAAaE7hgA=','integer':7000000000}",
                        "7000000000"),
                sample(new ShortSerializer(), (short) 300, "{'base64':'ASw=','integer':300}", "300"),
                sample(new FloatSerializer(), 2.5f, "{'base64':'QCAAAA==','integer':1075838976,'decimal':2.5}", "2.5"),
                sample(
                        new DoubleSerializer(),
                        2.5,
                        "{'base64':'QAQAAAAAAAA=','integer':4612811918334230528,'decimal':2.5}",
                        "2.5"),
                sample(new BooleanSerializer(), true, "{'base64':'AQ==','integer':1}", "1"),
                sample(new ByteArraySerializer(), new byte[] {0, 1, 2}, "{'base64':'AAEC'}", "AAEC"),
                sample(
                        new ByteBufferSerializer(),
                        ByteBuffer.wrap(new byte[] {-1, -2, -3}),
                        "{'base64':'//79'}",
                        "//79"),
                sample(new BytesSerializer(), Bytes.wrap(new byte[] {0}), "{'base64':'AA==','integer':0}", "AA=="),
                sample(new UUIDSerializer(), uuid, "{'text':'" + uuid + "'}", uuid.toString()),
                sample(new VoidSerializer(), null, null, null),
                sample(listSerializer(), List.of("a"), "{'base64':'AQAAAAEAAAABYQ=='}", "AQAAAAEAAAABYQ=="));
    }

    private static ListSerializer<String> listSerializer() {
        var serializer = new ListSerializer<String>();
        serializer.configure(
                Map.of(
                        "default.list.value.serde.type",
                        ArrayList.class,
                        "default.list.value.serde.inner",
                        Serdes.StringSerde.class),
                false);
        return serializer;
    }

    @Test
    void everySerializerOfKafka_hasASample() throws Exception {
        assertThat(samples().<Class<?>>stream().map(Sample::serializer)).containsAll(serializers());
    }

    private static List<Class<?>> serializers() throws IOException, ReflectiveOperationException {
        List<Class<?>> found = new ArrayList<>();
        String folder = Serializer.class.getPackageName().replace('.', '/');
        Path jar = Path.of(Serializer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        try (JarFile file = new JarFile(jar.toFile())) {
            for (var entry : (Iterable<java.util.jar.JarEntry>) file.stream()::iterator) {
                String name = entry.getName();
                if (name.startsWith(folder) && name.endsWith("Serializer.class")) {
                    Class<?> type = Class.forName(name.replace(".class", "").replace('/', '.'));
                    if (Serializer.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                        found.add(type);
                    }
                }
            }
        }
        assertThat(found).hasSizeGreaterThan(10);
        return found;
    }

    @Test
    void keysAndValues_areShown_andFound() {
        world.kafka.createTopic("types", 1);
        List<Sample> samples = samples();
        Records.writeAll(
                world,
                samples.stream()
                        .map(sample -> new ProducerRecord<>("types", 0, sample.bytes(), sample.bytes()))
                        .toList());

        JsonNode rows = world.call("get_records", Map.of("topic", "types", "offset", "earliest", "limit", 100))
                .path("records");

        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            JsonNode row = rows.path(i);
            if (sample.shown() == null) {
                assertThat(row.has("key")).isFalse();
                assertThat(row.path("tombstone").booleanValue()).isTrue();
                continue;
            }
            assertThat(row.path("key")).as(sample.toString()).isEqualTo(json(sample.shown()));
            assertThat(row.path("value")).as(sample.toString()).isEqualTo(json(sample.shown()));
            assertThat(world.call("get_records", Map.of("topic", "types", "key", String.valueOf(sample.key())))
                            .path("records")
                            .findValuesAsText("offset"))
                    .as(sample.toString())
                    .contains(String.valueOf(i));
        }
        assertThat(world.call("get_records", Map.of("topic", "types", "key", "null"))
                        .path("records"))
                .isEmpty();
    }
}
