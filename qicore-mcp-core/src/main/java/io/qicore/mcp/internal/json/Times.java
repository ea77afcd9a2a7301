package io.qicore.mcp.internal.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Date;

/** Reads and writes times. Refuses those that the Java type cannot hold, where the JDK or Jackson would return another time. */
final class Times {

    private Times() {}

    static Instant instant(String text) {
        TemporalAccessor parsed = DateTimeFormatter.ISO_INSTANT.parse(text);
        if (parsed.query(DateTimeFormatter.parsedLeapSecond())) {
            throw new DateTimeException("An Instant has no leap seconds.");
        }
        return Instant.from(parsed);
    }

    static ZonedDateTime zoned(String text) {
        TemporalAccessor parsed = DateTimeFormatter.ISO_ZONED_DATE_TIME.parse(text);
        ZonedDateTime time = ZonedDateTime.from(parsed);
        LocalDateTime written =
                LocalDateTime.of(parsed.query(TemporalQueries.localDate()), parsed.query(TemporalQueries.localTime()));
        if (!time.getOffset().equals(parsed.query(TemporalQueries.offset()))
                || !time.toLocalDateTime().equals(written)) {
            throw new DateTimeException("The zone does not have this offset at this time.");
        }
        return time;
    }

    static String text(Date date) {
        // The subclasses of java.sql have no toInstant.
        return Instant.ofEpochMilli(date.getTime()).toString();
    }

    static Date date(String text) {
        Instant instant = OffsetDateTime.parse(text).toInstant();
        if (!instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))) {
            throw new DateTimeException("A Date has no fractions of milliseconds.");
        }
        return Date.from(instant);
    }
}
