package io.qicore.mcp.kafka.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.BytesValue;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.qicore.mcp.kafka.internal.content.JsonTrees;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Protobuf's own library writes is shown, and what is written is what it reads. */
class ProtobufContentsTest {

    /** A well-known type, a message of it, and how it is shown. */
    record Known(String file, Message message, String json) {}

    static Stream<Known> wellKnownTypes() throws Exception {
        var struct = Struct.newBuilder();
        JsonFormat.parser().merge("{\"email\":\"e\",\"list\":[1,null,true]}", struct);
        var list = ListValue.newBuilder().addValues(Value.newBuilder().setStringValue("x"));
        return Stream.of(
                new Known("wrappers", StringValue.of("s"), "\"s\""),
                new Known("wrappers", BytesValue.of(com.google.protobuf.ByteString.copyFromUtf8("ab")), "\"YWI=\""),
                new Known("wrappers", BoolValue.of(false), "false"),
                new Known("wrappers", Int32Value.of(-1), "-1"),
                new Known("wrappers", UInt32Value.of(-1), "4294967295"),
                new Known("wrappers", Int64Value.of(Long.MIN_VALUE), "\"-9223372036854775808\""),
                new Known("wrappers", UInt64Value.of(-1), "\"18446744073709551615\""),
                new Known("wrappers", FloatValue.of(1.5f), "1.5"),
                new Known("wrappers", DoubleValue.of(Double.NaN), "\"NaN\""),
                new Known(
                        "timestamp",
                        Timestamp.newBuilder().setSeconds(-1).setNanos(1).build(),
                        "\"1969-12-31T23:59:59.000000001Z\""),
                new Known(
                        "duration",
                        Duration.newBuilder()
                                .setSeconds(3)
                                .setNanos(500_000_000)
                                .build(),
                        "\"3.500s\""),
                new Known("empty", Empty.getDefaultInstance(), "{}"),
                new Known(
                        "field_mask",
                        FieldMask.newBuilder().addPaths("a.b_c").addPaths("d").build(),
                        "\"a.bC,d\""),
                new Known("struct", struct.build(), "{\"email\":\"e\",\"list\":[1.0,null,true]}"),
                new Known("struct", list.build(), "[\"x\"]"),
                new Known("struct", Value.newBuilder().setNumberValue(2.5).build(), "2.5"),
                new Known(
                        "any",
                        Any.pack(Timestamp.newBuilder().setSeconds(1).build()),
                        "{\"@type\":\"type.googleapis.com/google.protobuf.Timestamp\",\"value\":\"1970-01-01T00:00:01Z\"}"));
    }

    @ParameterizedTest
    @MethodSource("wellKnownTypes")
    void wellKnownTypes_areShownAndWritten(Known known) throws Exception {
        String type = known.message().getDescriptorForType().getFullName();
        var schema = ProtobufSchemas.parse(
                "syntax = \"proto3\"; import \"google/protobuf/" + known.file() + ".proto\";"
                        + " import \"google/protobuf/timestamp.proto\"; message M { " + type + " v = 3; }",
                Map.of());
        byte[] bytes = field(3, known.message());

        JsonNode shown = schema.decode(bytes, 0, List.of(0));

        assertThat(JsonTrees.write(shown.path("v"))).isEqualTo(known.json());
        assertThat(schema.encode(shown, List.of(0))).isEqualTo(bytes);
    }

    private static byte[] field(int number, Message message) throws Exception {
        var out = new ByteArrayOutputStream();
        UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(message.toByteString())
                                .build())
                .build()
                .writeTo(out);
        return out.toByteArray();
    }

    @Test
    void anyOfAnotherMessage_isShown_ifTheSchemaHasItsType() throws Exception {
        String imported = "syntax = \"proto3\"; package i; message Inner { string email = 1; }";
        var schema = ProtobufSchemas.parse(
                "syntax = \"proto3\"; import \"google/protobuf/any.proto\"; import public \"i.proto\";"
                        + " message M { google.protobuf.Any v = 1; map<string, i.Inner> by = 2; }",
                Map.of("i.proto", imported));
        byte[] inner = {10, 1, 'e'};
        Any any = Any.newBuilder()
                .setTypeUrl("x/i.Inner")
                .setValue(com.google.protobuf.ByteString.copyFrom(inner))
                .build();

        assertThat(JsonTrees.write(schema.decode(field(1, any), 0, List.of(0))))
                .isEqualTo("{\"v\":{\"@type\":\"x/i.Inner\",\"email\":\"e\"}}");
        byte[] unknown = field(1, any.toBuilder().setTypeUrl("x/Nowhere").build());
        assertThatThrownBy(() -> schema.decode(unknown, 0, List.of(0)))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("Any, whose type is not part");
    }

    @Test
    void proto2_withDefaultsEnumsAndRequiredFields() throws Exception {
        var schema = ProtobufSchemas.parse(
                "syntax = \"proto2\"; package p; message M { required int32 id = 1; optional string s = 2 [default = \"d\"];"
                        + " repeated G g = 3; message G { optional int32 n = 4; } extensions 100 to 200; enum E { A = 1; B = 2; }"
                        + " optional E e = 5; repeated sint64 packed = 6 [packed = true]; reserved 7; }",
                Map.of());
        byte[] bytes = schema.encode(
                JsonTrees.read("{\"id\":1,\"g\":[{\"n\":2},{\"n\":3}],\"e\":\"B\",\"packed\":[\"-1\",\"2\"]}"),
                List.of(0));

        assertThat(JsonTrees.write(schema.decode(bytes, 0, List.of(0))).toLowerCase(java.util.Locale.ROOT))
                .isEqualTo("{\"id\":1,\"g\":[{\"n\":2},{\"n\":3}],\"e\":\"b\",\"packed\":[\"-1\",\"2\"]}");
        assertThatThrownBy(() -> schema.encode(JsonTrees.read("{}"), List.of(0)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("id");
        assertThatThrownBy(() -> schema.decode(new byte[] {16, 1}, 0, List.of(0)))
                .isInstanceOf(UndecodableException.class);
    }

    @Test
    void enumNumberThatTheSchemaLacks_isShownAsANumber() throws Exception {
        var schema = ProtobufSchemas.parse("syntax = \"proto3\"; message M { E e = 1; } enum E { A = 0; }", Map.of());

        assertThat(JsonTrees.write(schema.decode(new byte[] {8, 7}, 0, List.of(0))))
                .isEqualTo("{\"e\":7}");
    }

    @Test
    void deeplyNestedMessages_areRefused_notOverflowed() throws Exception {
        var schema = ProtobufSchemas.parse("syntax = \"proto3\"; message M { M m = 1; }", Map.of());
        byte[] bytes = {};
        for (int i = 0; i < 500; i++) {
            var out = new ByteArrayOutputStream();
            var encoder = com.google.protobuf.CodedOutputStream.newInstance(out);
            encoder.writeByteArray(1, bytes);
            encoder.flush();
            bytes = out.toByteArray();
        }
        byte[] deep = bytes;

        assertThatThrownBy(() -> schema.decode(deep, 0, List.of(0))).isInstanceOf(UndecodableException.class);
    }

    @Test
    void filesThatCannotBeUsed_areRefused() {
        for (String text : List.of(
                "syntax = \"proto3\"; import \"missing.proto\"; message M { missing.X x = 1; }",
                "message {",
                // Wire does not know the groups of proto2.
                "syntax = \"proto2\"; message M { repeated group G = 1 { optional int32 n = 2; } }",
                "syntax = \"proto3\"; message M { Nope n = 1; }",
                "syntax = \"proto3\"; import \"" + "../../../../etc/passwd" + "\"; message M { int32 a = 1; }")) {
            assertThatThrownBy(() -> ProtobufSchemas.parse(text, Map.of()).decode(new byte[0], 0, List.of(0)))
                    .as(text)
                    .isInstanceOf(UndecodableException.class);
        }
    }

    @Test
    void whatIsWritten_isReadByTheLibrary() throws Exception {
        var schema = ProtobufSchemas.parse(
                "syntax = \"proto3\"; import \"google/protobuf/wrappers.proto\";"
                        + " message M { google.protobuf.StringValue v = 1; }",
                Map.of());

        byte[] written = schema.encode(JsonTrees.read("{\"v\":\"x\"}"), List.of(0));

        var parsed = DynamicMessage.parseFrom(Empty.getDescriptor(), written).getUnknownFields();
        assertThat(StringValue.parseFrom(
                                parsed.getField(1).getLengthDelimitedList().get(0))
                        .getValue())
                .isEqualTo("x");
    }
}
