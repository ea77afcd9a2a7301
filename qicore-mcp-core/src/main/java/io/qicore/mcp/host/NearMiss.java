package io.qicore.mcp.host;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether somebody may have meant a key and misspelt it. Case and everything but letters and digits do not count. Two
 * letters may be wrong; or one, if words that only name a room, such as {@code TOOLS}, are missing or too many.
 */
final class NearMiss {

    private static final Set<String> ROOMS = Set.of("TOOLS", "TOOL", "MCP", "SERVER");

    private NearMiss() {}

    /** Whether {@code key} is nearly {@code guarded}; true of the same key, too. */
    static boolean is(String key, String guarded) {
        if (Math.abs(key.length() - guarded.length()) > 12) {
            return false;
        }
        String upper = key.toUpperCase(Locale.ROOT);
        return distance(letters(upper), letters(guarded)) <= 2
                || distance(withoutRooms(upper), withoutRooms(guarded)) <= 1;
    }

    private static String letters(String key) {
        return key.replaceAll("[^A-Z0-9]", "");
    }

    private static String withoutRooms(String key) {
        return Arrays.stream(key.split("[^A-Z0-9]+"))
                .filter(word -> !ROOMS.contains(word))
                .collect(Collectors.joining());
    }

    /** The number of letters to insert, delete, replace or transpose. */
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
