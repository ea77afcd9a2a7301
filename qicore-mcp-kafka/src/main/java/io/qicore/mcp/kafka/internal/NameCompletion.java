package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.resource.Completer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Completes names of topics and groups while a user types. Names that start with the typed text come before those that
 * contain it elsewhere.
 */
final class NameCompletion {

    private NameCompletion() {}

    /** Completes names of topics. Internal topics of Kafka are left out. */
    static Completer topics(AdminHandle handle) {
        return (typed, others, context) -> matching(typed, Topics.names(handle.session(context), false));
    }

    /** Completes ids of groups that can have a lag. */
    static Completer groups(AdminHandle handle) {
        return (typed, others, context) -> {
            Groups groups = Groups.list(handle.session(context));
            Collection<String> ids = new TreeSet<>(groups.committing());
            ids.addAll(groups.sharing());
            return matching(typed, ids);
        };
    }

    /** Returns the names that contain the typed text, those that start with it first. */
    static List<String> matching(String typed, Collection<String> sorted) {
        String wanted = typed.strip().toLowerCase(Locale.ROOT);
        List<String> matching = new ArrayList<>();
        List<String> containing = new ArrayList<>();
        for (String name : sorted) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(wanted)) {
                matching.add(name);
            } else if (lower.contains(wanted)) {
                containing.add(name);
            }
        }
        matching.addAll(containing);
        return matching;
    }
}
