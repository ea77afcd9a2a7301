package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.qicore.mcp.kafka.source.SourceRecord;
import io.qicore.mcp.tool.Json;
import java.io.UncheckedIOException;
import java.time.Instant;

/** The price of a symbol at a time, as the JSON value of a record. */
record Tick(String symbol, String currency, Instant time, double close) {

    SourceRecord record() {
        try {
            return SourceRecord.of(symbol, Json.MAPPER.writeValueAsBytes(this));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Cannot write " + this, e);
        }
    }
}
