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
 * Looks for the groups that are worst, over as many groups as the time allows: in chunks, of which only the worst groups
 * are kept, so that neither requests nor memory grow without bound. For use by one call.
 */
final class LagScan {

    /** Bound to the tool only: get_consumer_lag names a cursor for it, too, and the order does not depend on arguments. */
    static final PageCursor CURSORS = PageCursor.of("find_lagging_groups");

    /** Most groups in one request. */
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
     * @param top most groups to keep
     * @param minLag groups with less are passed over
     * @param bounds of the logs to read beside their ends
     */
    LagScan(AdminSession kafka, LagReader reader, int top, long minLag, Set<Bound> bounds) {
        this.kafka = kafka;
        this.reader = reader;
        this.top = top;
        this.minLag = minLag;
        this.bounds = bounds;
    }

    /**
     * What was found.
     *
     * @param groups worst first
     * @param scanned number of groups that were looked at
     * @param lagging how many of them had at least the least lag asked for
     * @param totalLag the sum over those
     * @param cursor where to go on, or null if all have been looked at
     */
    record Found(
            List<GroupLag> groups,
            int scanned,
            int lagging,
            long totalLag,
            @Nullable String cursor) {}

    /**
     * Scans.
     *
     * @param cursor of an earlier scan, to go on; null to begin
     * @throws MCPToolError {@link StandardErrorCode#INVALID_ARGUMENT} for a damaged cursor or one of another call, or the
     *     failure of the first chunk
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
            // A chunk that cannot be finished is not begun: what has been found is worth more than a missed deadline.
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
            reader.everywhere(committing, groups, bounds).forEach(this::keep);
        }
        reader.shared(sharing, groups, topic -> true).forEach(this::keep);
    }

    private void keep(GroupLag lag) {
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
