package io.qicore.mcp.examples.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Measures how much longer one operation takes than another. Rounds of both alternate, so that other load on the machine
 * affects both, and the ratio is that of the medians.
 */
final class Ratio {

    private final String name;
    private final double target;

    /**
     * @param name the name of the comparison, for the output
     * @param target the largest ratio that meets the target
     */
    Ratio(String name, double target) {
        this.name = name;
        this.target = target;
    }

    /**
     * Measures and prints one line.
     *
     * @param ours the operation to measure
     * @param bare the operation to compare it with
     * @param warmUp the number of rounds that are not counted
     * @param rounds the number of rounds that are counted
     * @return whether the target is met
     */
    boolean measure(Callable<?> ours, Callable<?> bare, int warmUp, int rounds) throws Exception {
        long[] us = new long[rounds];
        long[] them = new long[rounds];
        for (int i = -warmUp; i < rounds; i++) {
            // The second operation finds warm caches, so they take turns in coming first.
            boolean first = i % 2 == 0;
            long a = time(first ? ours : bare);
            long b = time(first ? bare : ours);
            if (i >= 0) {
                us[i] = first ? a : b;
                them[i] = first ? b : a;
            }
        }
        double ratio = median(us) / median(them);
        System.out.printf(
                Locale.ROOT,
                "%s: ratio = %.2f (target <= %.1f), medians %.2f ms and %.2f ms over %d rounds%n",
                name,
                ratio,
                target,
                median(us) / 1e6,
                median(them) / 1e6,
                rounds);
        return ratio <= target;
    }

    private static long time(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        if (work.call() == null) {
            throw new IllegalStateException("No result");
        }
        return System.nanoTime() - start;
    }

    private static double median(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
