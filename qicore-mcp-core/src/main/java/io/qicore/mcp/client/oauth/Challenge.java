package io.qicore.mcp.client.oauth;

import io.qicore.mcp.internal.header.HeaderText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of the Bearer challenge in {@code WWW-Authenticate}, empty if the header has none. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate">RFC 9110, WWW-Authenticate</a>
 */
record Challenge(Map<String, String> parameters) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern PARAMETER =
            Pattern.compile("(" + TOKEN + ")[ \t]*=[ \t]*(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|(" + TOKEN + "))");
    private static final Pattern SCHEME =
            Pattern.compile("(" + TOKEN + ")(?:[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$)))?");
    private static final Pattern SEPARATOR = Pattern.compile("[ \t,]+");

    static Challenge bearer(@Nullable String header) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String text = header == null ? "" : HeaderText.trim(header);
        String scheme = "";
        int at = 0;
        while (at < text.length()) {
            Matcher separator = SEPARATOR.matcher(text).region(at, text.length());
            if (separator.lookingAt()) {
                at = separator.end();
                continue;
            }
            Matcher parameter = PARAMETER.matcher(text).region(at, text.length());
            Matcher next = SCHEME.matcher(text).region(at, text.length());
            if (parameter.lookingAt()) {
                if (scheme.equals("bearer")) {
                    String value = parameter.group(3) != null
                            ? parameter.group(3)
                            : parameter.group(2).replaceAll("\\\\(.)", "$1");
                    parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value);
                }
                at = parameter.end();
            } else if (next.lookingAt()) {
                scheme = next.group(1).toLowerCase(Locale.ROOT);
                at = next.end();
            } else {
                // What follows cannot be told apart.
                break;
            }
        }
        return new Challenge(parameters);
    }

    @Nullable
    String get(String name) {
        return parameters.get(name);
    }
}
