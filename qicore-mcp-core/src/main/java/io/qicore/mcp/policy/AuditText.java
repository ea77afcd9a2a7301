package io.qicore.mcp.policy;

import io.qicore.mcp.internal.log.LogText;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values in the lines of the audit log, most of which clients choose. */
final class AuditText {

    private static final Pattern PLAIN = Pattern.compile("[\\x21\\x23-\\x3C\\x3E-\\x5B\\x5D-\\x7E]+");

    private AuditText() {}

    /** Returns a text that is one value, in quotes unless it is plain ASCII; {@code -} for null. */
    static String of(@Nullable String value) {
        if (value == null) {
            return "-";
        }
        String escaped = LogText.of(value);
        return PLAIN.matcher(escaped).matches() && !escaped.equals("-")
                ? escaped
                : '"' + escaped.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
