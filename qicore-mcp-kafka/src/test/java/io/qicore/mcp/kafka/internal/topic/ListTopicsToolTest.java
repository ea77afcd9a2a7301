package io.qicore.mcp.kafka.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.admin.Calls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;

class ListTopicsToolTest {

    private static final Node BROKER = new Node(0, "broker", 9092);

    private final Admin admin = mock(Admin.class);
    private final KafkaMCPServer server = new KafkaMCPServer(admin);

    @BeforeEach
    void answer() {
        var names = IntStream.range(0, 300).mapToObj("topic-%03d"::formatted).collect(Collectors.toSet());
        var listed = mock(ListTopicsResult.class);
        when(listed.names()).thenReturn(KafkaFuture.completedFuture(names));
        when(admin.listTopics(any(ListTopicsOptions.class))).thenReturn(listed);
        when(admin.describeTopics(anyCollection(), any(DescribeTopicsOptions.class)))
                .thenAnswer(call -> describe(call.getArgument(0)));
    }

    @Test
    void page_costsTwoRequestsAndDescribesNoOtherTopics() throws Exception {
        var page = Calls.call(server, "list_topics", Map.of("limit", 10));

        assertThat(page.path("topics")).hasSize(10);
        assertThat(page.path("count").intValue()).isEqualTo(300);
        verify(admin).listTopics(any(ListTopicsOptions.class));
        verify(admin, times(1))
                .describeTopics(ArgumentMatchers.<Collection<String>>argThat(names -> names.size() == 10), any());
        verify(admin, never()).describeLogDirs(anyCollection(), any());
    }

    @Test
    void sizesThatMayNotBeRead_areLeftOutAndSaid() throws Exception {
        var denied = new KafkaFutureImpl<Map<String, LogDirDescription>>();
        denied.completeExceptionally(new ClusterAuthorizationException("no"));
        var logDirs = mock(DescribeLogDirsResult.class);
        when(logDirs.descriptions()).thenReturn(Map.of(0, denied));
        when(admin.describeLogDirs(anyCollection(), any(DescribeLogDirsOptions.class)))
                .thenReturn(logDirs);

        var page = Calls.call(server, "list_topics", Map.of("sizes", true, "limit", 2));

        assertThat(page.path("topics")).hasSize(2);
        assertThat(page.path("topics").path(0).has("sizeBytes")).isFalse();
        assertThat(page.path("warnings").path(0).textValue())
                .contains("log directories of brokers", "ACL", "Describe on the cluster");
    }

    @Test
    void topicsThatThePolicyHides_areNeitherListedNorCounted() throws Exception {
        var narrow = new KafkaMCPServer(
                admin,
                KafkaOptions.builder()
                        .policy(KafkaPolicy.builder().topics("topic-00?").build())
                        .build());

        assertThat(Calls.call(narrow, "list_topics", Map.of()).path("count").intValue())
                .isEqualTo(10);
    }

    private static DescribeTopicsResult describe(Collection<String> names) {
        var described = mock(DescribeTopicsResult.class);
        var partition = new TopicPartitionInfo(0, BROKER, List.of(BROKER), List.of(BROKER));
        when(described.topicNameValues())
                .thenReturn(names.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                name -> KafkaFuture.completedFuture(
                                        new TopicDescription(name, false, List.of(partition))))));
        return described;
    }
}
