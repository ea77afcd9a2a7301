package io.qicore.mcp.host;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether one key may be a misspelling of another. Case and characters other than letters and digits are
 * ignored. Keys are similar if they differ by at most two letters, or by at most one letter when words that only group
 * settings, such as {@code TOOLS}, are left out of both, or if one has all words of the other, in any order. That rule
 * needs at least {@value #MIN_WORDS} words: {@code KAFKA_READ_ONLY_MODE} is similar to {@code KAFKA_TOOLS_READ_ONLY}, but
 * {@code KAFKA_INPUT_TOPICS} is not similar to {@code KAFKA_TOOLS_TOPICS}.
 */
final class NearMiss {

    private static final Set<String> GROUPING_WORDS = Set.of("TOOLS", "TOOL", "MCP", "SERVER");

    /** Keys of more different lengths are not compared, to save time: no grouping words are that long. */
    private static final int MAX_DIFFERENCE_IN_LENGTH = 12;

    private static final int MIN_WORDS = 3;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Z0-9]+");

    private NearMiss() {}

    /** Returns whether {@code key} may be a misspelling of {@code known}; true also if they are equal. */
    static boolean is(String key, String known) {
        String upper = key.toUpperCase(Locale.ROOT);
        List<String> words = words(upper);
        List<String> knownWords = words(known);
        if (knownWords.size() >= MIN_WORDS
                && words.containsAll(knownWords)
                && new HashSet<>(knownWords).size() >= MIN_WORDS) {
            return true;
        }
        if (Math.abs(key.length() - known.length()) > MAX_DIFFERENCE_IN_LENGTH) {
            return false;
        }
        return isWithin(2, letters(upper), letters(known))
                || isWithin(1, String.join("", words), String.join("", knownWords));
    }

    private static String letters(String key) {
        return BETWEEN_WORDS.matcher(key).replaceAll("");
    }

    /** Returns the words that do not only group settings. */
    private static List<String> words(String key) {
        return BETWEEN_WORDS
                .splitAsStream(key)
                .filter(word -> !GROUPING_WORDS.contains(word))
                .toList();
    }

    private static boolean isWithin(int most, String a, String b) {
        return Math.abs(a.length() - b.length()) <= most && distance(a, b) <= most;
    }

    /** Returns the number of letters to insert, delete, replace or transpose to make one text the other. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
