package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UninitializedMessageException;
import com.google.protobuf.util.JsonFormat;
import com.squareup.wire.schema.CoreLoader;
import com.squareup.wire.schema.ErrorCollector;
import com.squareup.wire.schema.Linker;
import com.squareup.wire.schema.Loader;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.internal.SchemaEncoder;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import io.qicore.mcp.kafka.internal.content.JsonTrees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Contents with a Protobuf schema. Wire parses the {@code .proto} text, because Protobuf's own library for Java has no parser.
 */
final class ProtobufSchemas implements WireSchema {

    private static final String MAIN = "qicore-registered-schema.proto";

    private final FileDescriptor file;
    private final JsonFormat.TypeRegistry types;
    private final JsonFormat.Printer printer;

    private ProtobufSchemas(FileDescriptor file) {
        this.file = file;
        JsonFormat.TypeRegistry.Builder known = JsonFormat.TypeRegistry.newBuilder();
        addTypes(file, known, new LinkedHashSet<>());
        this.types = known.build();
        this.printer = JsonFormat.printer()
                .usingTypeRegistry(types)
                .preservingProtoFieldNames()
                .omittingInsignificantWhitespace();
    }

    /**
     * Parses a schema.
     *
     * @param references the texts of the files that it imports, directly or not, by their paths
     */
    static ProtobufSchemas parse(String text, Map<String, String> references) throws UndecodableException {
        try {
            Map<String, ProtoFile> files = new LinkedHashMap<>();
            references.forEach((path, content) -> files.put(path, proto(path, content)));
            files.put(MAIN, proto(MAIN, text));
            Files loader = new Files(files);
            var schema = new Linker(loader, new ErrorCollector(), true, true).link(List.copyOf(files.values()));
            SchemaEncoder encoder = new SchemaEncoder(schema);
            Map<String, FileDescriptor> built = new HashMap<>();
            return new ProtobufSchemas(build(
                    MAIN,
                    path -> encoder.encode(Objects.requireNonNull(schema.protoFile(path), path))
                            .toByteArray(),
                    built,
                    new LinkedHashSet<>()));
        } catch (DescriptorValidationException | IOException | RuntimeException e) {
            throw new UndecodableException("Its Protobuf schema cannot be parsed.", e);
        }
    }

    private static ProtoFile proto(String path, String text) {
        return ProtoFile.Companion.get(new ProtoParser(Location.get(path), text.toCharArray()).readProtoFile());
    }

    /** Finds files among the references, and Google's own ones in Protobuf's library. */
    private record Files(Map<String, ProtoFile> known) implements Loader {

        @Override
        public ProtoFile load(String path) {
            ProtoFile file = known.get(path);
            if (file != null) {
                return file;
            }
            try (InputStream in = DynamicMessage.class.getResourceAsStream("/" + path)) {
                return in == null || !path.startsWith("google/protobuf/")
                        ? CoreLoader.INSTANCE.load(path)
                        : proto(path, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalArgumentException(path + " cannot be read", e);
            }
        }

        @Override
        public Loader withErrors(ErrorCollector errors) {
            return this;
        }
    }

    private interface Encoded {
        byte[] file(String path);
    }

    private static FileDescriptor build(
            String path, Encoded encoded, Map<String, FileDescriptor> built, Set<String> building)
            throws DescriptorValidationException, IOException {
        FileDescriptor done = built.get(path);
        if (done != null) {
            return done;
        }
        if (!building.add(path)) {
            throw new IOException(path + " imports itself");
        }
        FileDescriptorProto proto = FileDescriptorProto.parseFrom(encoded.file(path));
        List<FileDescriptor> dependencies = new ArrayList<>();
        for (String dependency : proto.getDependencyList()) {
            dependencies.add(build(dependency, encoded, built, building));
        }
        FileDescriptor descriptor = FileDescriptor.buildFrom(proto, dependencies.toArray(FileDescriptor[]::new));
        built.put(path, descriptor);
        return descriptor;
    }

    private static void addTypes(FileDescriptor file, JsonFormat.TypeRegistry.Builder types, Set<String> seen) {
        if (seen.add(file.getFullName())) {
            types.add(file.getMessageTypes());
            file.getDependencies().forEach(dependency -> addTypes(dependency, types, seen));
        }
    }

    @Override
    public String type() {
        return "PROTOBUF";
    }

    @Override
    public boolean hasMessageIndexes() {
        return true;
    }

    @Override
    public String name(List<Integer> indexes) throws UndecodableException {
        return message(indexes).getFullName();
    }

    private Descriptor message(List<Integer> indexes) throws UndecodableException {
        try {
            Descriptor message = file.getMessageTypes().get(indexes.get(0));
            for (int index : indexes.subList(1, indexes.size())) {
                message = message.getNestedTypes().get(index);
            }
            return message;
        } catch (IndexOutOfBoundsException e) {
            throw new UndecodableException("Its Protobuf schema does not have the message " + indexes + ".", e);
        }
    }

    @Override
    public JsonNode decode(byte[] bytes, int from, List<Integer> indexes) throws UndecodableException {
        DynamicMessage content;
        try {
            var in = CodedInputStream.newInstance(bytes, from, bytes.length - from);
            content = DynamicMessage.parseFrom(message(indexes), in);
        } catch (IOException e) {
            throw new UndecodableException("It does not fit its Protobuf schema.", e);
        }
        try {
            return JsonTrees.read(printer.print(content));
        } catch (InvalidProtocolBufferException e) {
            // The only reason: an Any whose type the schema does not import.
            throw new UndecodableException("It has an Any, whose type is not part of the schema.", e);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new UndecodableException("Its Protobuf content cannot be shown.", e);
        }
    }

    @Override
    public byte[] encode(JsonNode value, List<Integer> indexes) throws RefusedException, UndecodableException {
        var builder = DynamicMessage.newBuilder(message(indexes));
        try {
            JsonFormat.parser().usingTypeRegistry(types).merge(value.toString(), builder);
            return builder.build().toByteArray();
        } catch (InvalidProtocolBufferException | UninitializedMessageException e) {
            throw new RefusedException("The value does not fit the Protobuf message: " + e.getMessage(), e);
        }
    }
}
