package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Field;

/** What is known about the statements that were run last. Thread-safe. */
final class KnownStatements {

    private static final int MAX_STATEMENTS = 500;

    /** The longest statement that is kept, in characters. */
    private static final int MAX_LENGTH = 16 * 1024;

    /** How long names are not checked again. Together with {@link CatalogGuard#MAX_AGE} this is 5 seconds. */
    static final Duration CHECKED_FOR = Duration.ofSeconds(2);

    /** A column as the server describes it. */
    private record Shape(String label, int type, int modifier) {}

    /** The columns as the server describes them. */
    record Description(Field[] fields) {

        private List<Shape> shapes() {
            return Arrays.stream(fields)
                    .map(field -> new Shape(field.getColumnLabel(), field.getOID(), field.getMod()))
                    .toList();
        }
    }

    /**
     * What is known about a statement.
     *
     * @param session the identity of the session in which it was run
     * @param columns the columns of its result
     * @param isHarmless whether none of its names had to be examined
     * @param checkedAt when its names were checked, in {@link System#nanoTime()}
     */
    record Known(String session, List<ResultColumn> columns, List<Shape> shapes, boolean isHarmless, long checkedAt) {

        static Known of(String session, List<ResultColumn> columns, Description description, boolean isHarmless) {
            return new Known(session, columns, description.shapes(), isHarmless, System.nanoTime());
        }

        /** Returns whether the server still describes the same columns. */
        boolean describes(Field[] fields) {
            return shapes.equals(new Description(fields).shapes());
        }

        /** Returns whether the names were checked a short while ago. */
        boolean isFresh() {
            return System.nanoTime() - checkedAt < CHECKED_FOR.toNanos();
        }

        Known checkedNow() {
            return new Known(session, columns, shapes, isHarmless, System.nanoTime());
        }
    }

    /** In the order of their last use. */
    private final Map<String, Known> statements = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_STATEMENTS;
        }
    };

    synchronized @Nullable Known find(String text) {
        return statements.get(text);
    }

    synchronized void keep(String text, Known known) {
        if (text.length() <= MAX_LENGTH) {
            statements.put(text, known);
        }
    }

    synchronized void forget(String text) {
        statements.remove(text);
    }
}
