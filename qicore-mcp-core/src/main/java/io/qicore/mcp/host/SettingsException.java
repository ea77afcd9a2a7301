package io.qicore.mcp.host;

import java.util.List;

/** Thrown if settings are wrong. Lists every wrong key, so that all can be corrected at once; never shows a secret. */
public final class SettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns one message for each wrong key, which begins with the key. */
    public List<String> problems() {
        return problems;
    }
}
