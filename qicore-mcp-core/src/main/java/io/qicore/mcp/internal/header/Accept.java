package io.qicore.mcp.internal.header;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content types that a client accepts. Clients must accept both; a client that does not say gets JSON.
 *
 * @param json whether the client accepts one JSON object
 * @param events whether the client accepts a stream of server-sent events; {@code *}{@code /*} does not say so
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-accept">RFC 9110, Accept</a>
 */
public record Accept(boolean json, boolean events) {

    private static final Accept JSON_ONLY = new Accept(true, false);
    private static final Accept BOTH = new Accept(true, true);

    /** What clients send nearly always. */
    private static final String USUAL = "application/json, text/event-stream";

    private static final Pattern WEIGHT = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");

    /** Parses the header {@code Accept}; null if the request does not have it. */
    public static Accept of(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return JSON_ONLY;
        }
        if (header.equals(USUAL)) {
            return BOTH;
        }
        double json = 0;
        double events = 0;
        int jsonRank = 0;
        int eventsRank = 0;
        for (MediaType range : MediaType.list(header)) {
            String weight = range.parameters().getOrDefault("q", "1");
            if (!WEIGHT.matcher(weight).matches()) {
                continue;
            }
            double quality = Double.parseDouble(weight);
            // The most specific range decides, wherever it is in the list.
            int rank = rank(range.name(), MediaType.JSON);
            if (rank > 0 && rank >= jsonRank) {
                json = rank > jsonRank ? quality : Math.max(json, quality);
                jsonRank = rank;
            }
            rank = rank(range.name(), MediaType.EVENTS);
            if (rank > 1 && rank >= eventsRank) {
                events = rank > eventsRank ? quality : Math.max(events, quality);
                eventsRank = rank;
            }
        }
        return new Accept(json > 0, events > 0);
    }

    /** Returns how specifically a range names a type: 3 exactly, 2 by its type, 1 as any type, 0 not at all. */
    private static int rank(String range, String type) {
        if (range.equals(type)) {
            return 3;
        }
        if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    /** Returns whether the client accepts neither content type. */
    public boolean nothing() {
        return !json && !events;
    }
}
