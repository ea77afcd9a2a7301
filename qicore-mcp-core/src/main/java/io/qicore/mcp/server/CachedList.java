package io.qicore.mcp.server;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A list that is computed at its first use and kept. If that fails, the next use computes it again. Thread-safe. */
final class CachedList<T> {

    private final Supplier<List<T>> maker;
    private @Nullable List<T> list;

    CachedList(Supplier<List<T>> maker) {
        this.maker = maker;
    }

    /** Returns the list, which is computed if that has not been done yet. */
    synchronized List<T> get() {
        List<T> current = list;
        return current == null ? renew() : current;
    }

    /** Computes the list again, keeps and returns it. */
    synchronized List<T> renew() {
        List<T> fresh = List.copyOf(maker.get());
        list = fresh;
        return fresh;
    }
}
