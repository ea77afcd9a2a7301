package io.qicore.mcp.kafka.live;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a call has met on a topic. */
enum Status {
    /** A price of every symbol has arrived. */
    @JsonProperty("complete")
    COMPLETE,
    /** Prices of some of the symbols have arrived. */
    @JsonProperty("partial")
    PARTIAL,
    /** Prices have arrived, but only of other symbols. */
    @JsonProperty("other_symbols")
    OTHER_SYMBOLS,
    /** Records have arrived, but none is a price. */
    @JsonProperty("not_prices")
    NOT_PRICES,
    /** Nothing has arrived on a topic that has records. */
    @JsonProperty("stopped")
    STOPPED,
    /** Nothing has arrived on a topic without records. */
    @JsonProperty("empty")
    EMPTY,
    /** Nothing has arrived, and Kafka does not answer any more. */
    @JsonProperty("unreachable")
    UNREACHABLE
}
