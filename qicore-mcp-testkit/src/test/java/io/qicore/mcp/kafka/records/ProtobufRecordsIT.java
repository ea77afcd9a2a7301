package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.RegistryStandIn;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.server.ServerSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Records with registered Protobuf schemas. Their bytes are written by the library of Protobuf. */
class ProtobufRecordsIT {

    @AutoClose
    private static final RegistryStandIn registry = registry();

    @AutoClose
    private static final KafkaWorld world =
            KafkaWorld.shared(connection -> new RecordsMCPServer(connection, options()));

    private static RegistryStandIn registry() {
        try {
            return RegistryStandIn.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KafkaOptions options(String... masked) {
        return KafkaOptions.builder()
                .policy(KafkaPolicy.builder().maskedFields(masked).build())
                .registry(RegistryConnection.to(registry.url()).timeout(Duration.ofSeconds(10)))
                // The first Protobuf schema loads many classes, which takes long on a busy machine.
                .server(ServerSettings.builder()
                        .callTimeout(Duration.ofMinutes(1))
                        .build())
                .build();
    }

    private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }

    @Test
    void protobuf_withImportsOneofMapsAndWellKnownTypes() throws Exception {
        world.kafka.createTopic("messages", 1);
        String common = "syntax = \"proto3\"; package c; message User { string email = 1; }";
        String main = "syntax = \"proto3\"; package m; import \"common/user.proto\";"
                + " import \"google/protobuf/timestamp.proto\";"
                + " message Other { int32 x = 1; message Inner { string s = 1; } }"
                + " message Event { int64 id = 1; oneof who { c.User user = 2; string anonymous = 3; }"
                + " map<string, int32> counts = 4; google.protobuf.Timestamp at = 5; repeated Kind kinds = 6;"
                + " Event parent = 7; bytes raw = 8; double rate = 9; optional int32 zero = 10;"
                + " enum Kind { A = 0; B = 1; } }";
        registry.register("common", "PROTOBUF", common);
        var registered =
                registry.register("messages-value", "PROTOBUF", main, new Object[] {"common/user.proto", "common", 1});
        FileDescriptor file = descriptor();
        var event = DynamicMessage.newBuilder(file.findMessageTypeByName("Event"));
        JsonFormat.parser()
                .merge(
                        "{\"id\":\"9007199254740993\",\"user\":{\"email\":\"s3cr3t\"},\"counts\":{\"a\":1},"
                                + "\"at\":\"2026-01-01T00:00:00Z\",\"kinds\":[\"B\",\"A\"],\"parent\":{\"anonymous\":\"x\"},"
                                + "\"raw\":\"AAE=\",\"rate\":1.5,\"zero\":0}",
                        event);
        var inner =
                DynamicMessage.newBuilder(file.findMessageTypeByName("Other").findNestedTypeByName("Inner"));
        inner.setField(inner.getDescriptorForType().findFieldByName("s"), "nested");
        byte[] eventBytes = event.build().toByteArray();
        var inHeader = new ProducerRecord<>("messages", 0, (byte[]) null, eventBytes);
        inHeader.headers().add("__value_schema_id", concat(registered.header(), new byte[] {2, 2}));
        write(
                world,
                new ProducerRecord<>("messages", 0, null, registered.framed(concat(new byte[] {2, 2}, eventBytes))),
                new ProducerRecord<>(
                        "messages",
                        0,
                        null,
                        registered.framed(
                                concat(new byte[] {4, 0, 0}, inner.build().toByteArray()))),
                new ProducerRecord<>("messages", 0, null, registered.framed(new byte[] {0, 8, 5})),
                inHeader,
                new ProducerRecord<>("messages", 0, null, registered.framed(new byte[] {2, 18, 1})),
                new ProducerRecord<>("messages", 0, null, registered.framed(new byte[] {2, 2, -1, -1, -1})));

        var rows = forward("messages").path("records");
        assertThat(rows.path(0).path("value").path("json"))
                .isEqualTo(json("{'id':'9007199254740993','user':{'email':'s3cr3t'},'counts':{'a':1},"
                        + "'at':'2026-01-01T00:00:00Z','kinds':['B','A'],'parent':{'anonymous':'x'},'raw':'AAE=','rate':1.5,"
                        + "'zero':0}"));
        assertThat(rows.path(0).path("value").path("schema").path("name").textValue())
                .isEqualTo("m.Event");
        assertThat(rows.path(1).path("value").path("json")).isEqualTo(json("{'s':'nested'}"));
        assertThat(rows.path(1).path("value").path("schema").path("name").textValue())
                .isEqualTo("m.Other.Inner");
        assertThat(rows.path(2).path("value").path("json")).isEqualTo(json("{'x':5}"));
        assertThat(rows.path(3).path("value").path("json"))
                .isEqualTo(rows.path(0).path("value").path("json"));
        assertThat(rows.path(4).path("value").path("note").textValue()).contains("does not have the message [9]");
        assertThat(rows.path(5).path("value").path("note").textValue()).contains("does not fit its Protobuf schema");
        assertThat(rows.path(5).path("value").has("base64")).isTrue();
        try (var masking = new RecordsMCPServer(world.connection(), options("user.email"))) {
            masking.initialize();
            var masked = Tools.call(masking, "get_records", Map.of("topic", "messages"));
            assertThat(masked.toString()).doesNotContain("s3cr3t").contains("\"email\":\"***\"");
        }
    }

    private static FileDescriptor descriptor() throws Exception {
        var user = FileDescriptor.buildFrom(
                FileDescriptorProto.newBuilder()
                        .setName("common/user.proto")
                        .setPackage("c")
                        .setSyntax("proto3")
                        .addMessageType(DescriptorProto.newBuilder()
                                .setName("User")
                                .addField(field("email", 1, Type.TYPE_STRING)))
                        .build(),
                new FileDescriptor[0]);
        var entry = DescriptorProto.newBuilder()
                .setName("CountsEntry")
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(field("key", 1, Type.TYPE_STRING))
                .addField(field("value", 2, Type.TYPE_INT32));
        var event = DescriptorProto.newBuilder()
                .setName("Event")
                .addNestedType(entry)
                .addEnumType(EnumDescriptorProto.newBuilder()
                        .setName("Kind")
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("A")
                                .setNumber(0))
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("B")
                                .setNumber(1)))
                .addOneofDecl(OneofDescriptorProto.newBuilder().setName("who"))
                .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_zero"))
                .addField(field("id", 1, Type.TYPE_INT64))
                .addField(field("user", 2, Type.TYPE_MESSAGE)
                        .setTypeName(".c.User")
                        .setOneofIndex(0))
                .addField(field("anonymous", 3, Type.TYPE_STRING).setOneofIndex(0))
                .addField(field("counts", 4, Type.TYPE_MESSAGE)
                        .setTypeName(".m.Event.CountsEntry")
                        .setLabel(Label.LABEL_REPEATED))
                .addField(field("at", 5, Type.TYPE_MESSAGE).setTypeName(".google.protobuf.Timestamp"))
                .addField(field("kinds", 6, Type.TYPE_ENUM)
                        .setTypeName(".m.Event.Kind")
                        .setLabel(Label.LABEL_REPEATED))
                .addField(field("parent", 7, Type.TYPE_MESSAGE).setTypeName(".m.Event"))
                .addField(field("raw", 8, Type.TYPE_BYTES))
                .addField(field("rate", 9, Type.TYPE_DOUBLE))
                .addField(field("zero", 10, Type.TYPE_INT32).setOneofIndex(1).setProto3Optional(true));
        return FileDescriptor.buildFrom(
                FileDescriptorProto.newBuilder()
                        .setName("main.proto")
                        .setPackage("m")
                        .setSyntax("proto3")
                        .addDependency("common/user.proto")
                        .addDependency("google/protobuf/timestamp.proto")
                        .addMessageType(DescriptorProto.newBuilder()
                                .setName("Other")
                                .addField(field("x", 1, Type.TYPE_INT32))
                                .addNestedType(DescriptorProto.newBuilder()
                                        .setName("Inner")
                                        .addField(field("s", 1, Type.TYPE_STRING))))
                        .addMessageType(event)
                        .build(),
                new FileDescriptor[] {user, Timestamp.getDescriptor().getFile()});
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static JsonNode forward(String topic) {
        return world.call("get_records", Map.of("topic", topic, "offset", "earliest", "limit", 50));
    }
}
