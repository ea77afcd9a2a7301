package io.qicore.mcp.engine;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** What an engine still holds that belongs to a call: nothing, when none is in flight. */
public final class Leaks {

    private Leaks() {}

    /** The fields that are not as in a new engine, with how much is in them. */
    static Map<String, Integer> of(MCPEngine engine) {
        Map<String, Integer> leaks = new TreeMap<>();
        put(leaks, "calls", taken(field(engine, "calls")));
        put(leaks, "subscriptions", taken(field(engine, "subscriptions")));
        put(leaks, "callsInFlight", size(field(engine, "calls"), "open"));
        put(leaks, "subscriptionsInFlight", size(field(engine, "subscriptions"), "open"));
        put(leaks, "serverRequests", ((Map<?, ?>) field(field(engine, "serverRequests"), "pending")).size());
        Object methods = field(engine, "methods");
        put(leaks, "listeners", ((Collection<?>) field(field(methods, "subscriptions"), "listeners")).size());
        Object tasks = field(methods, "tasks");
        if (tasks != null) {
            put(leaks, "tasks", ((Collection<?>) field(tasks, "running")).size());
        }
        return leaks;
    }

    /** How much is in a private collection of an object. */
    public static int size(Object owner, String name) {
        Object value = field(owner, name);
        return value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
    }

    private static void put(Map<String, Integer> leaks, String name, int count) {
        if (count != 0) {
            leaks.put(name, count);
        }
    }

    private static int taken(Object calls) {
        return (Integer) field(calls, "limit") - ((Semaphore) field(calls, "places")).availablePermits();
    }

    private static Object field(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
