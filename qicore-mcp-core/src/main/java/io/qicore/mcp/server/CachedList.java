package io.qicore.mcp.server;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A list that is made at its first use and kept; made again after a failure. Thread-safe. */
final class CachedList<T> {

    private final Supplier<List<T>> maker;
    private @Nullable List<T> list;

    CachedList(Supplier<List<T>> maker) {
        this.maker = maker;
    }

    synchronized List<T> get() {
        List<T> current = list;
        return current == null ? renew() : current;
    }

    /** Makes the list again. */
    synchronized List<T> renew() {
        List<T> fresh = List.copyOf(maker.get());
        list = fresh;
        return fresh;
    }
}
