package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bound;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the groups with the most lag among as many groups as the time allows. It reads groups in chunks and keeps only
 * the worst ones, which limits the size of requests and the memory. For use by one call.
 */
final class LagScan {

    /** Bound to the tool only, since get_consumer_lag returns such a cursor, too, and arguments do not change the order. */
    static final PageCursor CURSORS = PageCursor.of("find_lagging_groups");

    /** Maximum number of groups in one request. */
    static final int CHUNK = 500;

    private final AdminSession kafka;
    private final LagReader reader;
    private final int top;
    private final long minLag;
    private final Set<Bound> bounds;
    private final PriorityQueue<GroupLag> worst = new PriorityQueue<>(GroupLag.WORST_FIRST.reversed());
    private int lagging;
    private long totalLag;

    /**
     * @param top maximum number of groups to keep
     * @param minLag groups with less lag are ignored
     * @param bounds the bounds of the logs to read beside the end offsets
     */
    LagScan(AdminSession kafka, LagReader reader, int top, long minLag, Set<Bound> bounds) {
        this.kafka = kafka;
        this.reader = reader;
        this.top = top;
        this.minLag = minLag;
        this.bounds = bounds;
    }

    /**
     * The result of a scan.
     *
     * @param groups the groups with the most lag, largest lag first
     * @param scanned number of groups that were looked at
     * @param lagging number of scanned groups with at least the minimum lag
     * @param totalLag the sum of their lag
     * @param cursor the cursor to continue with; null if all groups have been looked at
     */
    record Found(
            List<GroupLag> groups,
            int scanned,
            int lagging,
            long totalLag,
            @Nullable String cursor) {}

    /**
     * Scans the groups until all have been looked at or the time runs out.
     *
     * @param cursor the cursor of an earlier scan to continue; null to start with the first group
     * @throws MCPToolError {@link StandardErrorCode#INVALID_ARGUMENT} for a damaged cursor or one of another call, or
     *     the failure of the first chunk
     */
    Found scan(Groups groups, @Nullable String cursor) {
        var ids = new TreeSet<>(groups.committing());
        ids.addAll(groups.sharing());
        List<String> rest = new ArrayList<>(
                cursor == null ? ids : ids.tailSet(CURSORS.read(cursor, 1).get(0), false));
        int scanned = 0;
        long longest = 0;
        while (scanned < rest.size()) {
            List<String> chunk = rest.subList(scanned, Math.min(rest.size(), scanned + CHUNK));
            long start = System.nanoTime();
            // Do not start a chunk that would miss the deadline and lose what has been found.
            if (scanned > 0 && kafka.remaining().compareTo(Duration.ofNanos(2 * longest)) < 0) {
                return found(scanned, CURSORS.write(List.of(rest.get(scanned - 1))));
            }
            try {
                keep(chunk, groups);
            } catch (MCPToolError e) {
                if (scanned == 0 || !e.is(KafkaErrorCode.BROKER_UNAVAILABLE)) {
                    throw e;
                }
                return found(scanned, CURSORS.write(List.of(rest.get(scanned - 1))));
            }
            longest = Math.max(longest, System.nanoTime() - start);
            scanned += chunk.size();
        }
        return found(scanned, null);
    }

    private void keep(List<String> chunk, Groups groups) {
        List<String> committing = new ArrayList<>();
        List<String> sharing = new ArrayList<>();
        chunk.forEach(id -> (groups.kind(id) == GroupKind.SHARE ? sharing : committing).add(id));
        if (!committing.isEmpty()) {
            reader.ofGroups(committing, groups, bounds).forEach(this::keep);
        }
        reader.ofShareGroups(sharing, groups, null).forEach(this::keep);
    }

    private void keep(GroupLag lag) {
        reader.note(lag);
        if (lag.lag() < minLag) {
            return;
        }
        lagging++;
        totalLag += lag.lag();
        worst.add(lag);
        if (worst.size() > top) {
            worst.poll();
        }
    }

    private Found found(int scanned, @Nullable String cursor) {
        List<GroupLag> groups = worst.stream().sorted(GroupLag.WORST_FIRST).toList();
        return new Found(groups, scanned, lagging, totalLag, cursor);
    }
}
