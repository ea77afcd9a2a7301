package io.qicore.mcp.internal.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Quotes text for the log that may come from a client. A line break in it could forge a line of the log, and a control
 * character could change what a terminal shows.
 */
public final class LogText {

    private static final int MAX_LENGTH = 500;

    private LogText() {}

    /** Returns a text without control characters and line separators, which are escaped as in Java, and cut off if long. */
    public static String of(@Nullable CharSequence value) {
        String text = value == null ? "null" : value.toString();
        boolean cut = text.length() > MAX_LENGTH;
        return escaped(cut ? text.substring(0, MAX_LENGTH) + "…" : text);
    }

    /**
     * Returns an exception to log instead of the given one: the same one, unless the message of it, of a cause or of a
     * suppressed exception contains what {@link #of} escapes. Then it is a copy with escaped messages and the same stack
     * traces.
     */
    public static Throwable of(Throwable failure) {
        return isClean(failure, identitySet()) ? failure : new Quoted(failure, identitySet());
    }

    private static Set<Throwable> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static boolean isClean(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return true;
        }
        String text = failure.toString();
        if (!text.equals(escaped(text)) || !isClean(failure.getCause(), seen)) {
            return false;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (!isClean(suppressed, seen)) {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHarmless(c)) {
                if (escaped != null) {
                    escaped.append(c);
                }
                continue;
            }
            if (escaped == null) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped == null ? text : escaped.toString();
    }

    private static boolean isHarmless(char c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                // Among them are the characters that change the direction of the text.
                && type != Character.FORMAT;
    }

    /** A copy of an exception with escaped messages. */
    private static final class Quoted extends Exception {

        private static final long serialVersionUID = 1;

        private final String text;

        Quoted(Throwable original, Set<Throwable> seen) {
            super(original.getMessage(), cause(original, seen), true, true);
            this.text = escaped(original.toString());
            setStackTrace(original.getStackTrace());
            for (Throwable suppressed : original.getSuppressed()) {
                if (seen.add(suppressed)) {
                    addSuppressed(new Quoted(suppressed, seen));
                }
            }
        }

        private static @Nullable Throwable cause(Throwable original, Set<Throwable> seen) {
            Throwable cause = original.getCause();
            return cause == null || !seen.add(cause) ? null : new Quoted(cause, seen);
        }

        @Override
        public String getMessage() {
            return text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
