package io.qicore.mcp.examples.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.auth.apikey.ApiKey;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.tool.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes an API key. */
final class NewKey {

    private static final String USAGE = """
            Usage: --new-key NAME --rights RIGHT,… [--expires TIME] [--limit KIND=NAME,…]…
              NAME       who has the key
              --rights   one or more of read, write, destructive and admin; each includes those before it
              --expires  a day such as 2027-01-31, in UTC, or a time such as 2027-01-31T12:00:00Z; without it the key does not expire
              --limit    the only names or patterns of a kind that the key may use, such as --limit topics=orders-*,payments;
                         KIND is one of groups, schemas, tools and topics; an empty list allows nothing of the kind""";

    private NewKey() {}

    /** Prints a key, which is kept nowhere, and its entry for the file of keys; returns the exit code. */
    static int print(String[] arguments, PrintStream out, PrintStream err) {
        String text = ApiKey.random();
        ApiKey key;
        try {
            key = key(arguments, text);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println(USAGE);
            return 2;
        }
        out.println("Key, for the client; it cannot be shown again: " + text);
        out.println("Entry, for the list \"keys\" in the file of the server: " + entry(key));
        return 0;
    }

    private static ApiKey key(String[] arguments, String text) {
        String name = null;
        Set<String> rights = null;
        Instant expires = null;
        Map<String, NamePatterns> limits = new HashMap<>();
        for (int at = 0; at < arguments.length; at += 2) {
            if (at + 1 == arguments.length) {
                throw new IllegalArgumentException("There is no value after " + arguments[at] + ".");
            }
            String value = arguments[at + 1];
            switch (arguments[at]) {
                case "--new-key" -> name = once(name, arguments[at], value);
                case "--rights" -> rights = once(rights, arguments[at], rights(value));
                case "--expires" -> expires = once(expires, arguments[at], time(value));
                case "--limit" -> addLimit(limits, value);
                default -> throw new IllegalArgumentException("There is no option " + arguments[at] + ".");
            }
        }
        if (name == null || rights == null) {
            throw new IllegalArgumentException("--new-key and --rights are needed.");
        }
        return new ApiKey(name, ApiKey.of(name, text, rights).sha256(), rights, limits, expires);
    }

    private static <T> T once(@Nullable T before, String option, T value) {
        if (before != null) {
            throw new IllegalArgumentException(option + " is there twice.");
        }
        return value;
    }

    private static Set<String> rights(String text) {
        Set<String> rights = new TreeSet<>(Arrays.asList(text.split(",", -1)));
        Set<String> known = Arrays.stream(ToolRights.Right.values())
                .map(ToolRights.Right::scope)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!known.containsAll(rights)) {
            // A misspelt right would make a key that allows nothing.
            throw new IllegalArgumentException(
                    "--rights must be one or more of " + known + ", with commas, not " + text + ".");
        }
        return rights;
    }

    private static Instant time(String text) {
        Instant time;
        try {
            time = text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "--expires must be a day such as 2027-01-31 or a time such as 2027-01-31T12:00:00Z, not " + text
                            + ".",
                    e);
        }
        if (!time.isAfter(Instant.now())) {
            throw new IllegalArgumentException("--expires " + text + " is over.");
        }
        return time;
    }

    private static void addLimit(Map<String, NamePatterns> limits, String text) {
        int equals = text.indexOf('=');
        String kind = equals < 0 ? text : text.substring(0, equals);
        if (equals < 0 || !Caller.LIMIT_KINDS.contains(kind)) {
            throw new IllegalArgumentException("--limit must be like topics=orders-*,payments with one of "
                    + new TreeSet<>(Caller.LIMIT_KINDS) + ", not " + text + ".");
        }
        String names = text.substring(equals + 1);
        NamePatterns patterns =
                names.isBlank() ? NamePatterns.NONE : NamePatterns.of(kind, List.of(names.split(",", -1)));
        if (limits.put(kind, patterns) != null) {
            throw new IllegalArgumentException("--limit " + kind + " is there twice.");
        }
    }

    private static ObjectNode entry(ApiKey key) {
        ObjectNode entry = Json.MAPPER.createObjectNode();
        entry.put("name", key.name()).put("sha256", key.sha256());
        new TreeSet<>(key.rights()).forEach(entry.putArray("rights")::add);
        if (!key.limits().isEmpty()) {
            ObjectNode limits = entry.putObject("limits");
            new TreeMap<>(key.limits()).forEach((kind, names) -> {
                ArrayNode list = limits.putArray(kind);
                names.patterns().forEach(list::add);
            });
        }
        if (key.expires() != null) {
            entry.put("expires", key.expires().toString());
        }
        return entry;
    }
}
