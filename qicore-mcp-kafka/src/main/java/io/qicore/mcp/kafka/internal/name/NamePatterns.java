package io.qicore.mcp.kafka.internal.name;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A list of names and patterns. In a pattern {@code *} stands for any characters and {@code ?} for one character. Immutable
 * and thread-safe.
 */
public final class NamePatterns {

    /** Matches every name. */
    public static final NamePatterns ALL = new NamePatterns(List.of("*"));

    private final List<String> patterns;
    private final List<Predicate<String>> predicates;

    private NamePatterns(List<String> patterns) {
        this.patterns = patterns;
        this.predicates = patterns.stream().map(NamePatterns::predicate).toList();
    }

    /**
     * Returns the list of the given names and patterns.
     *
     * @param what what the names are of, in the plural, for messages
     * @throws IllegalArgumentException if the list is empty or one of its entries is blank, because it is not clear what
     *     was meant
     */
    public static NamePatterns of(String what, List<String> patterns) {
        List<String> stripped = patterns.stream().map(String::strip).toList();
        if (stripped.isEmpty() || stripped.contains("")) {
            throw new IllegalArgumentException("The list of allowed " + what + " has an empty entry. Name the " + what
                    + " or a pattern such as orders-*, or leave the list out to allow all.");
        }
        return new NamePatterns(stripped);
    }

    /** Returns whether one of the patterns matches the whole name. */
    public boolean match(String name) {
        for (Predicate<String> predicate : predicates) {
            if (predicate.test(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the names and patterns as given. */
    public List<String> patterns() {
        return patterns;
    }

    @Override
    public String toString() {
        return String.join(",", patterns);
    }

    private static Predicate<String> predicate(String pattern) {
        if (pattern.equals("*")) {
            return name -> true;
        }
        if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
            return pattern::equals;
        }
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            // Several * in a row are one, because the regular expression would otherwise backtrack for a very long
            // time.
            if (c == '*' && !regex.toString().endsWith(".*")) {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (c != '*') {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }
}
