package io.qicore.mcp.auth;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An allow-list of names: exact names and patterns, in which {@code *} stands for any characters and {@code ?} for one.
 * Immutable and thread-safe.
 */
public final class NamePatterns {

    /** Allows every name. */
    public static final NamePatterns ALL = new NamePatterns(List.of("*"));

    /** Allows no name. */
    public static final NamePatterns NONE = new NamePatterns(List.of());

    private final List<String> patterns;
    private final List<Predicate<String>> predicates;

    private NamePatterns(List<String> patterns) {
        this.patterns = patterns;
        this.predicates = patterns.stream().map(NamePatterns::predicate).toList();
    }

    /**
     * Returns an allow-list of names and patterns.
     *
     * @param what what the names belong to, in the plural, for error messages
     * @throws IllegalArgumentException if the list is empty or an entry is blank, because it is unclear what that allows
     */
    public static NamePatterns of(String what, List<String> patterns) {
        Objects.requireNonNull(what, "what");
        List<String> stripped = patterns.stream().map(String::strip).toList();
        if (stripped.isEmpty() || stripped.contains("")) {
            throw new IllegalArgumentException("The list of allowed " + what + " has an empty entry. Name the " + what
                    + " or a pattern such as orders-*, or leave the list out to allow all.");
        }
        return new NamePatterns(stripped);
    }

    /** Returns whether one of the patterns matches the whole name. */
    public boolean match(String name) {
        Objects.requireNonNull(name, "name");
        for (Predicate<String> predicate : predicates) {
            if (predicate.test(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether every name is allowed, so that single names need not be checked. */
    public boolean isAll() {
        return patterns.contains("*");
    }

    /** Returns whether a name that begins with the given text can be allowed. */
    public boolean canMatchPrefix(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return patterns.stream().anyMatch(pattern -> canMatchPrefix(pattern, prefix));
    }

    /** Follows the pattern along the prefix, keeping every position of the pattern that can have been reached. */
    private static boolean canMatchPrefix(String pattern, String prefix) {
        boolean[] reached = new boolean[pattern.length() + 1];
        reached[0] = true;
        for (char c : prefix.toCharArray()) {
            boolean[] next = new boolean[pattern.length() + 1];
            for (int i = 0; i < pattern.length(); i++) {
                if (!reached[i]) {
                    continue;
                }
                char p = pattern.charAt(i);
                if (p == '*') {
                    // Takes the character, or none.
                    next[i] = true;
                    reached[i + 1] = true;
                } else if (p == '?' || p == c) {
                    next[i + 1] = true;
                }
            }
            reached = next;
        }
        for (boolean position : reached) {
            if (position) {
                return true;
            }
        }
        return false;
    }

    /** Returns the names and patterns, without the space around them. */
    public List<String> patterns() {
        return patterns;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NamePatterns names && patterns.equals(names.patterns);
    }

    @Override
    public int hashCode() {
        return patterns.hashCode();
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
            // A run of * would make the regular expression backtrack for a very long time.
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
