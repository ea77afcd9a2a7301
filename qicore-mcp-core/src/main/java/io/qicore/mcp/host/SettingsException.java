package io.qicore.mcp.host;

import java.util.List;

/** Settings are wrong. Lists every wrong key, so that they can be corrected at once; never shows the value of a secret. */
public final class SettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence for each wrong key; it begins with the key. */
    public List<String> problems() {
        return problems;
    }
}
