package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.tool.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A source without end whose records have five keys in turn and a number that grows by one, so that a loss is seen. */
public final class NumberedType implements SourceType<NumberedType.Config> {

    static final int KEYS = 5;

    /** The settings. */
    public record Config(@Schema("What the keys begin with") String prefix) {}

    @Override
    public String name() {
        return "numbered";
    }

    @Override
    public String description() {
        return "Numbers.";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public RecordSource open(Config config, SourcePosition from, SourceContext context) {
        return new RecordSource() {
            private long number = from.findCount("number").orElse(0);

            @Override
            public SourceRecord poll(Duration timeout) {
                number++;
                return SourceRecord.of(
                        config.prefix() + number % KEYS, String.valueOf(number).getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public boolean isEnded() {
                return false;
            }

            @Override
            public SourcePosition position() {
                return SourcePosition.of("number", number);
            }

            @Override
            public void close() {}
        };
    }
}
