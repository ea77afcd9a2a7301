package io.qicore.mcp.kafka.live;

import io.qicore.mcp.tool.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A price as it has arrived on a topic. */
record LivePrice(
        @Schema("What was traded, such as BTC") String symbol,

        @Schema("Time of the price or the begin of its interval; without one in the record, the record's timestamp")
        @Nullable
        Instant time,

        @Schema("First price of the interval, if the record has it") @Nullable
        Double open,

        @Schema("Highest price, if the record has it") @Nullable
        Double high,

        @Schema("Lowest price, if the record has it") @Nullable
        Double low,

        @Schema("Last price") double close,

        @Schema("Amount traded, if the record has it") @Nullable
        Double volume) {}
