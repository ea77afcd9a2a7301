package io.qicore.mcp.kafka.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.apache.kafka.tools.consumer.group.ShareGroupCommand;
import org.apache.kafka.tools.streams.StreamsGroupCommand;

/** Runs Kafka's own commands in this JVM and reads the tables that they print to standard output. */
final class KafkaCommands {

    private interface Command {
        void run(String[] arguments);
    }

    private final String bootstrapServers;

    KafkaCommands(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Returns "committed end lag" by topic:partition, with "-" for what is unknown, of kafka-consumer-groups. */
    Map<String, String> consumerGroup(String groupId) {
        Map<String, String> rows = new TreeMap<>();
        cells(ConsumerGroupCommand::main, groupId)
                .forEach(cells -> rows.put(cells[1] + ":" + cells[2], cells[3] + " " + cells[4] + " " + cells[5]));
        return rows;
    }

    /** Returns what {@link #consumerGroup} returns, for all groups by group. */
    Map<String, Map<String, String>> consumerGroups() {
        Map<String, Map<String, String>> groups = new TreeMap<>();
        for (String line : output(ConsumerGroupCommand::main, List.of("--all-groups", "--describe"))
                .split("\\R")) {
            String[] cells = line.trim().split("\\s+");
            if (cells.length > 5 && !cells[0].equals("GROUP")) {
                groups.computeIfAbsent(cells[0], group -> new TreeMap<>())
                        .put(cells[1] + ":" + cells[2], cells[3] + " " + cells[4] + " " + cells[5]);
            }
        }
        return groups;
    }

    /** Returns the lag by topic:partition, of kafka-share-groups. */
    Map<String, String> shareGroup(String groupId) {
        Map<String, String> rows = new TreeMap<>();
        cells(ShareGroupCommand::main, groupId)
                .forEach(cells -> rows.put(cells[1] + ":" + cells[2], cells[cells.length - 1]));
        return rows;
    }

    /** Returns the lag by topic:partition, of kafka-streams-groups. */
    Map<String, String> streamsGroup(String groupId) {
        Map<String, String> rows = new TreeMap<>();
        // Its main method would end this JVM.
        cells(arguments -> assertThat(StreamsGroupCommand.execute(arguments)).isZero(), groupId, "--offsets")
                .forEach(cells -> rows.put(cells[1] + ":" + cells[2], cells[cells.length - 1]));
        return rows;
    }

    /** Returns what kafka-consumer-groups prints. */
    String consumerGroups(List<String> options) {
        return output(ConsumerGroupCommand::main, options);
    }

    private List<String[]> cells(Command command, String groupId, String... more) {
        List<String> options = new ArrayList<>(List.of("--group", groupId, "--describe"));
        options.addAll(List.of(more));
        List<String[]> rows = new ArrayList<>();
        for (String line : output(command, options).split("\\R")) {
            String[] cells = line.trim().split("\\s+");
            if (cells[0].equals(groupId)) {
                rows.add(cells);
            }
        }
        return rows;
    }

    private String output(Command command, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", bootstrapServers));
        arguments.addAll(options);
        PrintStream before = System.out;
        var captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            command.run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }
}
