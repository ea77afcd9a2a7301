package io.qicore.mcp.host;

import java.util.ArrayList;
import java.util.List;

/** Writes the reference page of the settings. Stateless and thread-safe. */
public final class SettingsReference {

    private SettingsReference() {}

    /**
     * The page of all servers on the class path, in Markdown: for each its settings, with type, default and meaning.
     */
    public static String page() {
        StringBuilder page = new StringBuilder("""
                # Configuration

                Every setting is an environment variable. A server runs if `<NAME>_MCP_ENABLED` is `true`. Wrong values,
                misspelt keys and unknown keys under a strict prefix are refused; all of them are reported at once.
                An empty value counts as not set, but is refused for a setting that protects (marked ✔).
                A secret may stand in a file, which the key with `_FILE` names; then the key itself must not be set.
                """);
        MCPServerFactory.providers().values().forEach(provider -> page.append("\n## ")
                .append(provider.name())
                .append("\n\n")
                .append(table(new ServerKeys(provider.name(), provider.defaultPort())
                        .table()
                        .and(provider.settings()))));
        return page.toString();
    }

    /** One table of settings in Markdown. */
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
