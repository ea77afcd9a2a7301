package io.qicore.mcp.internal.schema;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Compiles the regular expressions of JSON Schema, which are those of ECMA-262, where Java gives the same text another meaning. */
public final class EcmaPattern {

    private static final String BLANKS =
            "\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

    private EcmaPattern() {}

    /**
     * Returns the pattern of a regular expression.
     *
     * @throws PatternSyntaxException if it is not one
     */
    public static Pattern compile(String expression) {
        try {
            return Pattern.compile(translated(expression));
        } catch (PatternSyntaxException e) {
            throw new PatternSyntaxException(e.getDescription(), expression, -1);
        }
    }

    private static String translated(String expression) {
        StringBuilder java = new StringBuilder(expression.length() + 8);
        boolean inClass = false;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\' && i + 1 < expression.length()) {
                i++;
                java.append(escape(expression.charAt(i), inClass));
            } else if (inClass) {
                inClass = c != ']';
                // In Java, these begin a class within the class and an intersection.
                java.append(c == '[' || c == '&' ? "\\" + c : "" + c);
            } else {
                inClass = c == '[';
                java.append(outside(c));
            }
        }
        return java.toString();
    }

    private static String outside(char c) {
        return switch (c) {
            // Java also matches before a line break at the end.
            case '$' -> "\\z";
            case '.' -> "[^\\n\\r\\u2028\\u2029]";
            default -> String.valueOf(c);
        };
    }

    private static String escape(char c, boolean inClass) {
        return switch (c) {
            case 's' -> inClass ? BLANKS : "[" + BLANKS + "]";
            case 'S' -> inClass ? "\\S" : "[^" + BLANKS + "]";
            case 'v' -> "\\x0B";
            default -> "\\" + c;
        };
    }
}
