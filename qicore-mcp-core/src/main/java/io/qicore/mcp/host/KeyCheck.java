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

/** Finds keys of the environment that no server knows but that were probably meant for one. Immutable. */
final class KeyCheck {

    /**
     * A key that no server knows.
     *
     * @param key the key
     * @param refused true if the key keeps servers from starting, false if it is only reported by a warning
     * @param message one or two sentences about the key, which begin with it
     * @param servers names of the servers that the key keeps from starting
     */
    record Finding(String key, boolean refused, String message, Set<String> servers) {}

    private final Map<String, SettingsTable> tables;
    private final List<String> keys;

    /** Creates a check against the settings of all servers, which are given by name. */
    KeyCheck(Map<String, SettingsTable> tables) {
        this.tables = new TreeMap<>(tables);
        this.keys = this.tables.values().stream()
                .flatMap(SettingsTable::keys)
                .distinct()
                .toList();
    }

    /** Checks all keys of an environment; returns one finding for each key that is refused or worth a warning. */
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
        // This comes before the pass-through condition, so that no condition, however wide, lets a misspelling of a
        // protecting key through.
        List<String> protecting = protectingKeysNear(key);
        if (!protecting.isEmpty()) {
            return Optional.of(new Finding(
                    key,
                    true,
                    message(key, Optional.of(String.join(" or ", protecting))),
                    servers(table -> protecting.stream().anyMatch(table::knows))));
        }
        String withoutFile = key.endsWith("_FILE") ? key.substring(0, key.length() - 5) : "";
        if (any(table -> table.knows(withoutFile))) {
            return Optional.of(new Finding(
                    key,
                    true,
                    key + " is not a setting: only secrets are read from files. Set " + withoutFile + ".",
                    servers(table -> table.knows(withoutFile))));
        }
        if (any(table -> table.passesThrough(key))) {
            return Optional.empty();
        }
        if (any(table -> table.isStrict(key))) {
            return Optional.of(refused(key, ClosestName.to(key, keys)));
        }
        if (ServerKeys.hasSuffix("_" + key)) {
            // Other programs have such variables for their own MCP servers. Only a key that is similar to one of ours
            // was
            // probably meant for us.
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
        // If no known key is similar, the key could be meant for any server with its prefix.
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
