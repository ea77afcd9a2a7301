package io.qicore.mcp.kafka.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one answer has to say beside its numbers, each thing once and not too many. For use by one call. */
final class Warnings {

    private static final int MOST = 5;

    private final Set<String> texts = new LinkedHashSet<>();

    void add(@Nullable String text) {
        if (text != null) {
            texts.add(text);
        }
    }

    /** Null when there is nothing to say. */
    @Nullable
    List<String> orNull() {
        if (texts.isEmpty()) {
            return null;
        }
        List<String> told = new ArrayList<>(texts.stream().limit(MOST).toList());
        if (texts.size() > MOST) {
            told.add((texts.size() - MOST) + " more.");
        }
        return told;
    }
}
