package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.auth.Caller;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies subscribers when the lag of a group crosses a threshold. While there are subscriptions, one thread measures all
 * groups of callers with the same limits together, which takes as many Admin calls as one group. The state of a watched group
 * belongs to one subscription and ends with it. Thread-safe.
 */
public final class LagWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LagWatch.class);
    private static final Duration MEASUREMENT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final AdminHandle handle;
    private final long intervalMs;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledExecutorService poller;
    private volatile boolean failing;

    /** A subscription to one group. Not a record, because two subscriptions with equal values are different. */
    private static final class Subscription {

        private final Caller caller;
        private final String groupId;
        private final LagAlarm alarm;
        private final Runnable changed;

        Subscription(Caller caller, String groupId, long threshold, Runnable changed) {
            this.caller = caller;
            this.groupId = groupId;
            this.alarm = new LagAlarm(threshold);
            this.changed = changed;
        }
    }

    /**
     * Creates a watch without subscriptions.
     *
     * @param interval the time between two measurements of all watched groups
     */
    public LagWatch(AdminHandle handle, Duration interval) {
        this.handle = handle;
        this.intervalMs = interval.toMillis();
    }

    /**
     * Starts to watch a group. Measures its lag at once; later measurements are compared with the first.
     *
     * @param caller whose limits apply to the group's topics
     * @param threshold the threshold in offsets
     * @param changed runs when the lag has risen above the threshold, and when it has fallen again
     * @return the subscription; closing it ends the watch of this group
     */
    public AutoCloseable watch(Caller caller, String groupId, long threshold, Runnable changed) {
        var added = new Subscription(caller, groupId, threshold, changed);
        synchronized (this) {
            subscriptions.add(added);
            if (poller == null) {
                poller = Executors.newSingleThreadScheduledExecutor(LagWatch::daemon);
                poller.scheduleWithFixedDelay(() -> check(any -> true), intervalMs, intervalMs, TimeUnit.MILLISECONDS);
            }
            // If many subscribe at once, the first measurement covers all of them and the others find nothing to do.
            poller.execute(() -> check(fresh -> !fresh.alarm.judged()));
        }
        return () -> end(added);
    }

    private synchronized void end(Subscription subscription) {
        subscriptions.remove(subscription);
        if (subscriptions.isEmpty() && poller != null) {
            poller.shutdownNow();
            poller = null;
        }
    }

    /** Ends all subscriptions and waits briefly for a running measurement to end. */
    @Override
    public void close() {
        ScheduledExecutorService last;
        synchronized (this) {
            subscriptions.clear();
            last = poller;
            poller = null;
        }
        if (last == null) {
            return;
        }
        last.shutdownNow();
        try {
            if (!last.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The measurement of the lag of watched groups did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Measures and judges. Never throws, because an exception would end the timer while an outage is only temporary.
     */
    private void check(Predicate<Subscription> which) {
        List<Subscription> wanted = subscriptions.stream().filter(which).toList();
        if (wanted.isEmpty()) {
            return;
        }
        try {
            // Callers with other limits see other topics of a group, and so another lag.
            wanted.stream()
                    .collect(Collectors.groupingBy(subscription -> subscription.caller.limits()))
                    .values()
                    .forEach(this::checkTogether);
            failing = false;
        } catch (RuntimeException e) {
            if (subscriptions.isEmpty() || failing) {
                log.debug("The lag of the watched groups could not be read", e);
            } else {
                failing = true;
                log.warn("The lag of the watched groups cannot be read. It is tried again every {} ms", intervalMs, e);
            }
        }
    }

    /** Measures and judges for callers with the same limits. */
    private void checkTogether(List<Subscription> wanted) {
        List<String> groupIds = List.copyOf(new TreeSet<>(
                wanted.stream().map(subscription -> subscription.groupId).toList()));
        for (int from = 0; from < groupIds.size(); from += LagScan.CHUNK) {
            List<String> chunk = groupIds.subList(from, Math.min(groupIds.size(), from + LagScan.CHUNK));
            judge(wanted, measure(wanted.get(0).caller, chunk));
        }
    }

    /** The measured lag of a group, and whether it is complete. */
    private record Measured(long lag, boolean complete) {}

    private Map<String, Measured> measure(Caller caller, Collection<String> groupIds) {
        AdminSession kafka = handle.session(RequestContext.ofTimeout(MEASUREMENT_TIMEOUT, caller));
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
        List<GroupLag> lags = new ArrayList<>(reader.ofShareGroups(sharing, groups, null));
        if (!committing.isEmpty()) {
            lags.addAll(reader.ofGroups(committing, groups, LagReader.WITH_START));
        }
        Map<String, Measured> measured = new HashMap<>();
        // If nothing failed, a group without a result does not exist or has committed nothing: it has no lag.
        boolean all = groups.errors().isEmpty() && warnings.orNull() == null;
        groupIds.forEach(groupId -> measured.put(groupId, new Measured(0, all)));
        lags.forEach(lag -> measured.put(lag.groupId(), new Measured(lag.lag(), lag.complete())));
        return measured;
    }

    private void judge(List<Subscription> wanted, Map<String, Measured> measured) {
        for (Subscription subscription : wanted) {
            Measured now = measured.get(subscription.groupId);
            if (now != null
                    && subscription.alarm.judge(now.lag(), now.complete())
                    && subscriptions.contains(subscription)) {
                subscription.changed.run();
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "kafka-lag-watch");
        thread.setDaemon(true);
        return thread;
    }
}
