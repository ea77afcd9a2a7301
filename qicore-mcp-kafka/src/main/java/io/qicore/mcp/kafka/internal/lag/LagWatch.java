package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells subscribers when the lag of a group crosses a threshold. While anybody listens, one thread looks at all watched
 * groups together, in as many Admin calls as for one; otherwise there is no thread. What it remembers of a group belongs
 * to one subscription and ends with it. Thread-safe.
 */
public final class LagWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LagWatch.class);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);
    private static final Duration LAST_LOOK = Duration.ofSeconds(2);

    private final AdminHandle handle;
    private final long intervalMs;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledExecutorService poller;
    private volatile boolean failing;

    /** A group in the eyes of one subscriber. A class, because two subscribers to the same are two. */
    private static final class Watched {

        private final String groupId;
        private final LagAlarm alarm;
        private final Runnable changed;

        Watched(String groupId, long threshold, Runnable changed) {
            this.groupId = groupId;
            this.alarm = new LagAlarm(threshold);
            this.changed = changed;
        }
    }

    /** One look's time. */
    private record Look(Duration remaining) implements RequestContext {

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}

        @Override
        public @Nullable String principal() {
            return null;
        }
    }

    /**
     * Creates a watch of no group.
     *
     * @param interval how often the lag of all watched groups is measured
     */
    public LagWatch(AdminHandle handle, Duration interval) {
        this.handle = handle;
        this.intervalMs = interval.toMillis();
    }

    /**
     * Begins to watch a group. What its lag is now, at once, is what later ones are compared with.
     *
     * @param threshold in records
     * @param changed run when the lag has risen above the threshold, and when it has fallen again
     * @return ends this watch
     */
    public AutoCloseable watch(String groupId, long threshold, Runnable changed) {
        var added = new Watched(groupId, threshold, changed);
        synchronized (this) {
            watched.add(added);
            if (poller == null) {
                poller = Executors.newSingleThreadScheduledExecutor(LagWatch::daemon);
                poller.scheduleWithFixedDelay(() -> look(any -> true), intervalMs, intervalMs, TimeUnit.MILLISECONDS);
            }
            // The first of many that come together looks at all of them; the others find nothing to do.
            poller.execute(() -> look(fresh -> !fresh.alarm.judged()));
        }
        return () -> end(added);
    }

    private synchronized void end(Watched one) {
        watched.remove(one);
        if (watched.isEmpty() && poller != null) {
            poller.shutdownNow();
            poller = null;
        }
    }

    /** Ends every watch. When this method returns, nothing of them runs. */
    @Override
    public void close() {
        ScheduledExecutorService last;
        synchronized (this) {
            watched.clear();
            last = poller;
            poller = null;
        }
        if (last == null) {
            return;
        }
        last.shutdownNow();
        try {
            if (!last.awaitTermination(LAST_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("A look at the lag of watched groups did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Never throws: an exception would end the timer, and an outage ends some time. */
    private void look(Predicate<Watched> which) {
        List<Watched> wanted = watched.stream().filter(which).toList();
        if (wanted.isEmpty()) {
            return;
        }
        try {
            List<String> groupIds = List.copyOf(
                    new TreeSet<>(wanted.stream().map(one -> one.groupId).toList()));
            for (int from = 0; from < groupIds.size(); from += LagScan.CHUNK) {
                List<String> chunk = groupIds.subList(from, Math.min(groupIds.size(), from + LagScan.CHUNK));
                judge(wanted, measure(chunk));
            }
            failing = false;
        } catch (RuntimeException e) {
            if (watched.isEmpty() || failing) {
                log.debug("The lag of watched groups could not be read", e);
            } else {
                failing = true;
                log.warn("The lag of watched groups cannot be read; trying again every {} ms", intervalMs, e);
            }
        }
    }

    /** What is known of a group's lag now. */
    private record Measured(long lag, boolean complete) {}

    private Map<String, Measured> measure(Collection<String> groupIds) {
        AdminSession kafka = handle.session(new Look(LONGEST_LOOK));
        Warnings warnings = new Warnings();
        Groups groups = Groups.list(kafka);
        List<String> committing = new ArrayList<>();
        List<String> sharing = new ArrayList<>();
        for (String groupId : groupIds) {
            GroupKind kind = groups.kind(groupId);
            if (kind == GroupKind.SHARE) {
                sharing.add(groupId);
            } else if (kind != null && kind.commits()) {
                committing.add(groupId);
            }
        }
        LagReader reader = new LagReader(kafka, warnings);
        List<GroupLag> lags = new ArrayList<>(reader.shared(sharing, groups, topic -> true));
        if (!committing.isEmpty()) {
            lags.addAll(reader.everywhere(committing, groups, Set.of()));
        }
        Map<String, Measured> measured = new HashMap<>();
        // Without a word about a group that there is none of, or that has committed nothing, nothing is unread.
        boolean all = groups.errors().isEmpty() && warnings.orNull() == null;
        groupIds.forEach(groupId -> measured.put(groupId, new Measured(0, all)));
        lags.forEach(lag -> measured.put(lag.groupId(), new Measured(lag.lag(), lag.whole())));
        return measured;
    }

    private void judge(List<Watched> wanted, Map<String, Measured> measured) {
        for (Watched one : wanted) {
            Measured now = measured.get(one.groupId);
            if (now != null && one.alarm.judge(now.lag(), now.complete()) && watched.contains(one)) {
                one.changed.run();
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "kafka-lag-watch");
        thread.setDaemon(true);
        return thread;
    }
}
