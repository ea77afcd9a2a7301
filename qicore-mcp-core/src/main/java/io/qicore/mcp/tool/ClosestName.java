package io.qicore.mcp.tool;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the known name that a misspelled one most likely stands for. Used in error messages such as "Unknown topic
 * 'price'. Did you mean 'prices'?" Stateless and thread-safe.
 */
public final class ClosestName {

    /** Bounds the cost of a comparison. Longer input is not a misspelled name. */
    private static final int MAX_LENGTH = 200;

    private ClosestName() {}

    /**
     * Returns the known name with the smallest edit distance (Levenshtein) to the given name, ignoring case. The
     * distance may be at most two, or a third of the length of the given name if that is more. Of several names with
     * the same distance, the first is returned.
     *
     * @param name the name as the agent wrote it
     * @param known the names that exist
     * @return the closest name; empty if none is close enough, or if {@code name} is longer than 200 characters
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

    /** Returns the Levenshtein distance if the lengths differ by less than {@code limit}, otherwise {@code limit}. */
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
