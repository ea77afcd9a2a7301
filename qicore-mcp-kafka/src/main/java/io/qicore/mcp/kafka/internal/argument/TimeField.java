package io.qicore.mcp.kafka.internal.argument;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Reads the time in a field of a record or a file. */
public final class TimeField {

    // The unit of a number is told by its size. Smaller ones are taken for seconds: as milliseconds they would be dates
    // before
    // March 1973; and so on.
    private static final BigDecimal FIRST_MILLISECONDS = new BigDecimal("1e11");
    private static final BigDecimal FIRST_MICROSECONDS = new BigDecimal("1e14");
    private static final BigDecimal FIRST_NANOSECONDS = new BigDecimal("1e17");
    private static final BigDecimal LARGEST = new BigDecimal("1e19");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,19}(\\.\\d{1,18})?(E\\d{1,2})?");
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private TimeField() {}

    /**
     * Reads a time: ISO-8601 with an offset and a year of four digits, or seconds, milli-, micro- or nanoseconds since 1970.
     *
     * @throws IllegalArgumentException if it is something else; the message names the field
     */
    public static Instant read(String name, String text) {
        try {
            if (NUMBER.matcher(text).matches()) {
                return sinceEpoch(new BigDecimal(text));
            }
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(FIRST) || !time.isBefore(END)) {
                throw new DateTimeException("The year does not have four digits");
            }
            return time;
        } catch (DateTimeException e) {
            String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
            throw new IllegalArgumentException(
                    "'" + name + "' must be ISO-8601 with an offset, such as 2026-11-22T10:00:00Z, or seconds or"
                            + " milliseconds since 1970, not '" + shown + "'",
                    e);
        }
    }

    private static Instant sinceEpoch(BigDecimal number) {
        if (number.compareTo(LARGEST) >= 0) {
            throw new DateTimeException("Too large for nanoseconds");
        }
        int scale = number.compareTo(FIRST_MILLISECONDS) < 0
                ? 0
                : number.compareTo(FIRST_MICROSECONDS) < 0 ? 3 : number.compareTo(FIRST_NANOSECONDS) < 0 ? 6 : 9;
        BigDecimal[] seconds = number.movePointLeft(scale).divideAndRemainder(BigDecimal.ONE);
        return Instant.ofEpochSecond(
                seconds[0].longValueExact(), seconds[1].movePointRight(9).longValue());
    }
}
