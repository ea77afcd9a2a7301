package io.qicore.mcp.host;

import java.util.ArrayList;
import java.util.List;

/** Writes the reference page of the settings. Stateless and thread-safe. */
public final class SettingsReference {

    private SettingsReference() {}

    /**
     * Returns the reference page in Markdown. For each server on the class path it lists the settings with their types,
     * defaults and meanings.
     */
    public static String page() {
        StringBuilder page = new StringBuilder("""
                # Configuration

                Every setting is an environment variable. A server runs if `<NAME>_MCP_ENABLED` is `true`. Wrong values,
                misspelt keys, and unknown keys that begin with `<NAME>_MCP_` or have `_TOOLS_` after their first word, are refused;
                all of them are reported at once.
                Other unknown keys with the prefix of a server are reported by a warning.
                An empty value counts as not set, but is refused for a setting that limits what agents and clients may do (marked ✔).
                A secret can be read from a file: set the key with `_FILE` to its path, and do not set the key itself.
                """);
        MCPServerFactory.providers().values().forEach(provider -> page.append("\n## ")
                .append(provider.name())
                .append("\n\n")
                .append(table(new ServerKeys(provider.name(), provider.defaultPort())
                        .table()
                        .and(provider.settings()))));
        return page.toString();
    }

    /** Returns the settings of a table as a Markdown table. */
    public static String table(SettingsTable table) {
        StringBuilder text =
                new StringBuilder("| Key | Type | Default | Protects | Meaning |\n|---|---|---|---|---|\n");
        for (Setting<?> setting : table.settings()) {
            List<String> cells = new ArrayList<>();
            cells.add("`" + setting.key() + "`" + (setting.isFromFile() ? " or `" + setting.key() + "_FILE`" : ""));
            cells.add(setting.type() + (setting.isSecret() ? " (secret)" : ""));
            cells.add(
                    setting.isRequired()
                            ? "required"
                            : setting.byDefault()
                                    .map(Setting::shown)
                                    .filter(shown -> !shown.isEmpty())
                                    .map(shown -> "`" + shown + "`")
                                    .orElse(""));
            cells.add(setting.isProtecting() ? "✔" : "");
            cells.add(setting.documentation());
            text.append("| ");
            text.append(String.join(
                    " | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()));
            text.append(" |\n");
        }
        return text.toString();
    }
}
