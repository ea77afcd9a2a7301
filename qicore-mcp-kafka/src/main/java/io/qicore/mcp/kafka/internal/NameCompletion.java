package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.Completer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Offers the names of topics and groups while a user types: those that begin so, then those that contain it. */
final class NameCompletion {

    private NameCompletion() {}

    /** Names of topics, without Kafka's own. */
    static Completer topics(AdminHandle handle) {
        return (typed, others, context) -> fitting(typed, Topics.names(handle.session(context), false));
    }

    /** Ids of the groups that have a lag. */
    static Completer groups(AdminHandle handle) {
        return (typed, others, context) -> {
            Groups groups = Groups.list(handle.session(context));
            Collection<String> ids = new TreeSet<>(groups.committing());
            ids.addAll(groups.sharing());
            return fitting(typed, ids);
        };
    }

    static List<String> fitting(String typed, Collection<String> sorted) {
        String wanted = typed.strip().toLowerCase(Locale.ROOT);
        List<String> fitting = new ArrayList<>();
        List<String> containing = new ArrayList<>();
        for (String name : sorted) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(wanted)) {
                fitting.add(name);
            } else if (lower.contains(wanted)) {
                containing.add(name);
            }
        }
        fitting.addAll(containing);
        return fitting;
    }
}
