package io.qicore.mcp.host;

import io.qicore.mcp.tool.ClosestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds keys that no server knows and that must not be ignored. Immutable. */
final class KeyCheck {

    /**
     * A key that is not known.
     *
     * @param refused whether it must keep servers from starting; otherwise it is worth a warning
     * @param servers the names of those servers
     */
    record Finding(String key, boolean refused, String message, Set<String> servers) {}

    private final Map<String, SettingsTable> tables;
    private final List<String> keys;

    /** A check for servers by name. */
    KeyCheck(Map<String, SettingsTable> tables) {
        this.tables = new TreeMap<>(tables);
        this.keys = this.tables.values().stream()
                .flatMap(SettingsTable::keys)
                .distinct()
                .toList();
    }

    List<Finding> findings(Map<String, String> environment) {
        List<Finding> findings = new ArrayList<>();
        new TreeMap<>(environment).forEach((key, value) -> {
            if (!any(table -> table.knows(key)) && !ForeignVariables.ofService(key, value)) {
                finding(key, value).ifPresent(findings::add);
            }
        });
        return findings;
    }

    private Optional<Finding> finding(String key, String value) {
        // Before any pass-through condition: however much that lets through, no misspelling of a protecting key is
        // ignored.
        List<String> protecting = protectingKeysNear(key);
        if (!protecting.isEmpty()) {
            return Optional.of(new Finding(
                    key,
                    true,
                    message(key, Optional.of(String.join(" or ", protecting))),
                    servers(table -> protecting.stream().anyMatch(table::knows))));
        }
        if (any(table -> table.passesThrough(key))) {
            return Optional.empty();
        }
        if (any(table -> table.isStrict(key))) {
            return Optional.of(refused(key, ClosestName.to(key, keys)));
        }
        if (ServerKeys.hasSuffix(key)) {
            // Many programs have a server of their own; only a name that is nearly one of ours can be meant for it.
            Optional<String> near =
                    keys.stream().filter(known -> NearMiss.is(key, known)).findFirst();
            return Optional.of(near.isPresent() ? refused(key, near) : warning(key));
        }
        if (any(table -> table.isOpen(key)) && !ForeignVariables.isKnown(key, value)) {
            return Optional.of(warning(key));
        }
        return Optional.empty();
    }

    private List<String> protectingKeysNear(String key) {
        return tables.values().stream()
                .flatMap(table -> table.settings().stream())
                .filter(setting -> setting.refuses(key))
                .map(Setting::key)
                .distinct()
                .toList();
    }

    private Finding refused(String key, Optional<String> near) {
        // Without a nearest key any server of the prefix could be meant.
        Set<String> servers = servers(near.<Predicate<SettingsTable>>map(known -> table -> table.knows(known))
                .orElse(table -> table.isStrict(key)));
        return new Finding(key, true, message(key, near), servers);
    }

    private Finding warning(String key) {
        String consequence = any(table -> table.passesUnknown(key))
                ? " It is passed to the client library, which may not know it."
                : " It is ignored.";
        return new Finding(key, false, message(key, ClosestName.to(key, keys)) + consequence, Set.of());
    }

    private static String message(String key, Optional<String> near) {
        return key + " is not a setting."
                + near.map(known -> " Did you mean " + known + "?").orElse("");
    }

    private boolean any(Predicate<SettingsTable> condition) {
        return tables.values().stream().anyMatch(condition);
    }

    private Set<String> servers(Predicate<SettingsTable> condition) {
        return tables.entrySet().stream()
                .filter(entry -> condition.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
