package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/**
 * Copies JSON values of the database into an answer, token by token. Numbers keep the digits of PostgreSQL, so that
 * {@code 1e9999} is never expanded; a number that not every reader keeps becomes text, as in other columns. A value that
 * a reader of the answer could refuse or misread, because it is nested deeply or repeats a key, becomes text as a whole.
 */
final class JsonCells {

    /** Readers of messages, such as the client of this project, refuse a depth of more than 256. */
    private static final int MAX_DEPTH = 200;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(JsonRows.MAX_CELL_CHARACTERS)
                    .build())
            .build();

    private JsonCells() {}

    /** Writes a JSON text as a JSON value. */
    static void copy(String text, JsonGenerator out) throws IOException {
        if (!isReadable(text)) {
            out.writeString(text);
            return;
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isNumeric()) {
                    number(parser.getText(), out);
                } else {
                    out.copyCurrentEvent(parser);
                }
            }
        }
    }

    private static void number(String digits, JsonGenerator out) throws IOException {
        if (SafeNumber.isSafe(digits)) {
            out.writeNumber(digits);
        } else {
            out.writeString(digits);
        }
    }

    private static boolean isReadable(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            while (parser.nextToken() != null) {
                // Reads to the end.
            }
            return true;
        } catch (JsonProcessingException refused) {
            return false;
        }
    }
}
