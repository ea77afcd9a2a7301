package io.qicore.mcp.internal.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventParserTest {

    private final List<String> events = new ArrayList<>();
    private final EventParser parser =
            new EventParser(1 << 20, (type, data) -> events.add(type + "=" + new String(data, StandardCharsets.UTF_8)));

    private void feed(String text) throws IOException {
        parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: a~~ | message=a",
                "data:a~~ | message=a",
                "data:  a~~ | message= a",
                "data: a~data: b~~ | message=a^b",
                "data~~ | message=",
                "data:~data:~~ | message=^",
                "event: endpoint~data: /x~~ | endpoint=/x",
                "event: x~~data: a~~ | message=a",
                ": comment~data: a~~ | message=a",
                "unknown: x~data: a~~ | message=a",
                "datax: x~data: a~~ | message=a",
                "data: a | ''",
                "data: a~ | ''",
                "~~~ | ''",
                "id: 1~~ | ''",
                "data: ä☃~~ | message=ä☃",
            })
    void stream_isReadAsTheStandardSays(String stream, String expected) throws Exception {
        for (String terminator : List.of("\n", "\r\n", "\r")) {
            String text = stream.replace("~", terminator);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int size = 1; size <= bytes.length; size++) {
                events.clear();
                EventParser fresh = new EventParser(
                        1 << 20, (type, data) -> events.add(type + "=" + new String(data, StandardCharsets.UTF_8)));
                for (int from = 0; from < bytes.length; from += size) {
                    fresh.feed(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)));
                }
                assertThat(String.join("|", events))
                        .as("in pieces of %d bytes with %s", size, Arrays.toString(terminator.getBytes()))
                        .isEqualTo(expected.replace('^', '\n'));
            }
        }
    }

    @Test
    void byteOrderMark_isSkippedOnceOnly() throws Exception {
        feed("\ufeffdata: a\n\n\ufeffdata: b\n\n");
        assertThat(events).containsExactly("message=a");
    }

    @Test
    void idAndRetry_areKept() throws Exception {
        feed("id: 7\nretry: 250\ndata: a\n\ndata: b\n\nretry: soon\nid: x\0y\n\n");
        assertThat(parser.lastEventId()).isEqualTo("7");
        assertThat(parser.retry()).isEqualTo(Duration.ofMillis(250));
        feed("id\n\n");
        assertThat(parser.lastEventId()).isEmpty();
    }

    @Test
    void brokenStream_isResumedBeforeTheEventThatWasNotComplete() throws Exception {
        feed("id: 1\ndata: a\n\nid: 2\nevent: x\ndata: {\"hal");
        assertThat(parser.lastEventId()).isEqualTo("1");
        parser.restart();
        feed("data: b\n\n");
        assertThat(events).containsExactly("message=a", "message=b");
        assertThat(parser.lastEventId()).isEqualTo("1");
    }

    @Test
    void eventThatIsTooLarge_isRefused() {
        assertThatThrownBy(() -> feed("data: " + "x".repeat(1 << 20))).isInstanceOf(IOException.class);
        EventParser lines = new EventParser(1 << 10, (type, data) -> {});
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        lines.feed(ByteBuffer.wrap("data: 0123456789\n".getBytes(StandardCharsets.UTF_8)));
                    }
                })
                .isInstanceOf(IOException.class);
    }

    /** Compares two sizes instead of a time, which another program on the machine could prolong. */
    @Test
    void time_isLinearInTheSize() throws Exception {
        long small = bestOf(1 << 20);
        long large = bestOf(16 << 20);
        assertThat(large).isLessThan(16 * small * 4);
    }

    private static long bestOf(int size) throws Exception {
        byte[] event = ("data: " + "x".repeat(size) + "\n\n").getBytes(StandardCharsets.UTF_8);
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 10; run++) {
            int[] seen = {0};
            EventParser parser = new EventParser(64 << 20, (type, data) -> seen[0] = data.length);
            long start = System.nanoTime();
            for (int from = 0; from < event.length; from += 16 << 10) {
                parser.feed(ByteBuffer.wrap(event, from, Math.min(16 << 10, event.length - from)));
            }
            best = Math.min(best, System.nanoTime() - start);
            assertThat(seen[0]).isEqualTo(size);
        }
        return best;
    }
}
