package io.qicore.mcp.tool;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Guesses which known name an agent meant, for the message of an error: "Unknown topic 'price'. Did you mean 'prices'?"
 * Stateless and thread-safe.
 */
public final class ClosestName {

    /** No name is that long, so nothing is near. */
    private static final int MAX_LENGTH = 200;

    private ClosestName() {}

    /**
     * The known name nearest to a misspelt one, if any is near enough to be worth a suggestion: with two letters
     * wrong, missing or too many, or a third of them if that is more; upper and lower case are the same. The first of several that are equally
     * near.
     *
     * @param name as the agent wrote it; above 200 characters nothing is near
     */
    public static Optional<String> to(String name, Collection<String> known) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String best = null;
        int bestDistance = Math.max(2, name.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT), bestDistance);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein distance, or {@code limit} when it is that or more. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
