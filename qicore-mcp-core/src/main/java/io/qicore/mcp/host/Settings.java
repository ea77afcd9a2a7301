package io.qicore.mcp.host;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * The values of the settings of one {@link SettingsTable}, parsed and checked. Immutable and thread-safe;
 * {@link #toString()} masks secrets.
 */
public final class Settings {

    private final SettingsTable table;
    private final Map<String, Object> values;
    private final Map<String, String> passedThrough;

    Settings(SettingsTable table, Map<String, Object> values, Map<String, String> passedThrough) {
        this.table = table;
        this.values = Map.copyOf(values);
        this.passedThrough = Map.copyOf(passedThrough);
    }

    /**
     * Returns the value that is set, or the default.
     *
     * @throws NoSuchElementException if the setting is not set and has no default
     * @throws IllegalArgumentException if the setting is not in the table
     */
    public <T> T get(Setting<T> setting) {
        Objects.requireNonNull(setting, "setting");
        return find(setting).orElseThrow(() -> new NoSuchElementException(setting.key() + " is not set."));
    }

    /**
     * Returns the value that is set, or the default; empty if there is neither.
     *
     * @throws IllegalArgumentException if the setting is not in the table
     */
    public <T> Optional<T> find(Setting<T> setting) {
        Objects.requireNonNull(setting, "setting");
        if (!table.settings().contains(setting)) {
            throw new IllegalArgumentException(setting.key() + " is not in this table.");
        }
        @SuppressWarnings("unchecked") // The table put the value of this very setting under its key.
        T value = (T) values.get(setting.key());
        return value == null ? setting.byDefault() : Optional.of(value);
    }

    /** Returns whether a value is set, even if it equals the default. */
    public boolean isSet(Setting<?> setting) {
        return values.containsKey(setting.key());
    }

    /** Returns the variables that the table passes through to a library, by key, such as {@code KAFKA_CLIENT_ID}. */
    public Map<String, String> passedThrough() {
        return passedThrough;
    }

    /** Returns the value or default of every setting that has one, in the order of the table; secrets are masked. */
    public Map<String, String> effective() {
        Map<String, String> shown = new LinkedHashMap<>();
        for (Setting<?> setting : table.settings()) {
            find(setting)
                    .ifPresent(value -> shown.put(setting.key(), setting.isSecret() ? "***" : Setting.shown(value)));
        }
        return shown;
    }

    /** Shows {@link #effective()} and the keys that are passed through, without their values, which may be secret. */
    @Override
    public String toString() {
        return effective() + (passedThrough.isEmpty() ? "" : " and " + passedThrough.keySet());
    }
}
