package io.qicore.mcp.kafka.source;

import static io.qicore.mcp.kafka.producer.local.TestRuntime.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.kafka.producer.local.TestRuntime;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTypesTest {

    private final SourceTypes types = SourceTypes.discover();

    @Test
    void typesOfThisModule_areFound() {
        assertThat(types.names()).containsExactly("simulated", "replay", "kafka-topic", "crypto-compare");
        assertThat(types.with(TestRuntime.Custom.counting()).names()).endsWith("custom");
    }

    @Test
    void emptyConfig_hasTheDefaults() {
        SourceSpec spec = types.read(config("{}"), "prices");

        assertThat(spec.type()).isEqualTo("simulated");
        assertThat(spec.topic()).isEqualTo("prices");
        assertThat(spec.rate()).isEqualTo(10);
        assertThat(spec.position()).isEqualTo(SourcePosition.START);
        assertThat(spec.topicsRead()).isEmpty();
    }

    @Test
    void rate_isThatOfTheType() {
        assertThat(types.read(config("{'type':'replay','path':'a.csv'}"), "t").rate())
                .isEqualTo(10);
        assertThat(types.read(config("{'type':'replay','path':'a.csv','speed':1}"), "t")
                        .rate())
                .isZero();
        assertThat(types.read(config("{'type':'kafka-topic','sourceTopic':'s'}"), "t")
                        .rate())
                .isZero();
        assertThat(types.read(config("{'type':'kafka-topic','sourceTopic':'s','rate':5}"), "t")
                        .rate())
                .isEqualTo(5);
    }

    @Test
    void topicsRead_areKnownBeforeTheStart() {
        assertThat(types.read(config("{'type':'kafka-topic','sourceTopic':'s'}"), "t")
                        .topicsRead())
                .containsExactly("s");
    }

    /** A runtime that stores configs, such as Kafka Connect, reads them again later. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'rate':0,'candlesPerSymbol':3,'seed':-7,'startPrices':{'BTC':1},'startTime':'2026-01-01 00:00:00+01:00'}",
                "{'position':{'candles':4,'seed':7}}",
                "{'type':'replay','path':'a.csv','speed':2,'keys':['a ','b','a']}",
                "{'type':'kafka-topic','sourceTopic':'s','follow':false,'start':'latest'}"
            })
    void config_isReadAgainAsTheSame(String json) {
        SourceSpec spec = types.read(config(json), "t");
        SourceSpec again = types.read(config(spec.config().toString()), "other");

        assertThat(again).isEqualTo(spec).hasSameHashCodeAs(spec);
        assertThat(again.differences(spec)).isEmpty();
    }

    @Test
    void differences_areNamed() {
        SourceSpec spec = types.read(config("{'symbols':['A'],'rate':1}"), "t");

        assertThat(types.read(config("{'symbols':['B'],'rate':1,'seed':3}"), "u")
                        .differences(spec))
                .containsExactly("seed", "symbols", "topic");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'rate':'fast'}                        | 'rate'
            {'rate':-1}                            | 'rate'
            {'rate':1e9}                           | 'rate'
            {'topic':5}                            | 'topic'
            {'position':'x'}                       | 'position'
            {'position':{'a':[1]}}                 | 'position.a'
            {'type':'simulatd'}                    | Did you mean 'simulated'?
            {'symbl':['BTC']}                      | Did you mean 'symbols'?
            {'symbols':'BTC'}                      | 'symbols'
            {'type':'kafka-topic'}                 | 'sourceTopic' is required
            {'type':'kafka-topic','sourceTopic':'t'} | 'topic' must not be 't'
            """)
    void wrongSetting_isNamed(String json, String message) {
        assertThatThrownBy(() -> types.read(config(json), "t"))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("INVALID_PRODUCER_CONFIG"))
                .hasMessageContaining(message);
    }

    @Test
    void position_holdsWhatConnectCanStore() {
        assertThat(new SourcePosition(Map.of("a", 1)).values()).isEqualTo(Map.of("a", 1L));
        assertThat(SourcePosition.read(config("{'a':1,'b':'x','c':true}")).values())
                .isEqualTo(Map.of("a", 1L, "b", "x", "c", true));
        assertThatThrownBy(() -> new SourcePosition(Map.of("a", List.of()))).hasMessageContaining("'a'");
        assertThatThrownBy(() -> new SourcePosition(Map.of("a", 1.5))).hasMessageContaining("'a'");
    }

    @Test
    void context_doesNotShowItsSettings() {
        var context = new SourceContext(
                io.qicore.mcp.kafka.access.KafkaConnection.to("localhost:1"), Map.of("PRODUCER_KEY", "s3cret"));

        assertThat(context.toString()).contains("PRODUCER_KEY").doesNotContain("s3cret");
        assertThat(context.setting("PRODUCER_KEY")).contains("s3cret");
        assertThat(context.setting("PRODUCER_OTHER")).isEmpty();
    }
}
