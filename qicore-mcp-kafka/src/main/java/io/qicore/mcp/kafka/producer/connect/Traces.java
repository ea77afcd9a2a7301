package io.qicore.mcp.kafka.producer.connect;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes one line of the stack trace of a failure. Traces can repeat what is in the config, so values that are not shown there are
 * removed, and what looks like credentials.
 */
final class Traces {

    private static final int MAX_LENGTH = 600;
    private static final int MAX_TRACE = 20_000;
    private static final int SHORTEST_SECRET = 4;
    private static final Pattern EXCEPTION = Pattern.compile("^(?:[a-z][\\w$]*\\.)+([A-Z][\\w$]*)(?:: )?");
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/\\s@]+@");
    private static final Pattern CREDENTIAL = Pattern.compile(
            "(?i)([\\w.-]*(?:password|passwd|pwd|secret|token|api.?key|credential)[\\w.-]*[\"']?\\s*[=:]\\s*)(\"[^\"]*\"|'[^']*'|[^\\s,;&]+)");

    private Traces() {}

    /** Returns the failure of a connector or of the first task that failed; null if nothing has failed. */
    static @Nullable String summary(Connector connector, Map<String, String> config) {
        String trace = connector.anyTrace();
        return trace == null ? null : summary(trace, ConfigMask.hiddenValues(config));
    }

    /** Returns the message of a trace, and that of the cause at its end. */
    static String summary(String trace, List<String> secrets) {
        String bounded = trace.length() <= MAX_TRACE
                ? trace
                : trace.substring(0, MAX_TRACE / 2) + "\n" + trace.substring(trace.length() - MAX_TRACE / 2);
        List<String> lines =
                Arrays.stream(bounded.split("\\R")).map(String::strip).toList();
        String first =
                lines.isEmpty() || lines.get(0).isEmpty() ? "It failed without a message" : message(lines.get(0));
        String cause = lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((a, b) -> b)
                .map(line -> message(line.substring("Caused by: ".length())))
                .filter(message -> !first.contains(message))
                .map(message -> " (" + message + ")")
                .orElse("");
        String text = first + cause;
        for (String secret : secrets.stream()
                .filter(value -> value.length() >= SHORTEST_SECRET)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            text = text.replace(secret, ConfigMask.MASK);
        }
        text = USER_INFO.matcher(text).replaceAll(ConfigMask.MASK + "@");
        text = CREDENTIAL.matcher(text).replaceAll("$1" + ConfigMask.MASK);
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    }

    /** Leaves out the class of Connect's general exception, which says nothing. */
    private static String message(String line) {
        var matcher = EXCEPTION.matcher(line);
        if (!matcher.find()) {
            return line;
        }
        String rest = line.substring(matcher.end());
        return rest.isEmpty() || !matcher.group(1).equals("ConnectException")
                ? matcher.group(1) + (rest.isEmpty() ? "" : ": " + rest)
                : rest;
    }
}
