package io.qicore.mcp.internal.header;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A media type, or a range of them, as in {@code Content-Type} and {@code Accept}.
 *
 * @param name type and subtype in lower case, such as {@code application/json}
 * @param parameters the parameters by name in lower case; the values as they are, without quotes
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-media-type">RFC 9110, Media Type</a>
 */
public record MediaType(String name, Map<String, String> parameters) {

    /** The type of messages. */
    public static final String JSON = "application/json";

    /** The type of streams of messages. */
    public static final String EVENTS = "text/event-stream";

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern NAME = Pattern.compile(TOKEN + "/" + TOKEN);
    private static final Pattern PARAMETER =
            Pattern.compile("(" + TOKEN + ")=(?:(" + TOKEN + ")|\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\")");

    /** Parses a media type; returns null if it is malformed or has a parameter twice. */
    public static @Nullable MediaType parse(String text) {
        List<String> parts = split(text, ';');
        String name = HeaderText.trim(parts.get(0));
        if (!NAME.matcher(name).matches()) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : parts.subList(1, parts.size())) {
            String parameter = HeaderText.trim(part);
            if (parameter.isEmpty()) {
                continue;
            }
            var matcher = PARAMETER.matcher(parameter);
            if (!matcher.matches()) {
                return null;
            }
            String value = matcher.group(2) == null ? matcher.group(3).replaceAll("\\\\(.)", "$1") : matcher.group(2);
            if (parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value) != null) {
                return null;
            }
        }
        return new MediaType(name.toLowerCase(Locale.ROOT), parameters);
    }

    /** Parses a list with commas; leaves out malformed items. */
    static List<MediaType> list(String text) {
        List<MediaType> list = new ArrayList<>();
        for (String item : split(text, ',')) {
            MediaType type = parse(item);
            if (type != null) {
                list.add(type);
            }
        }
        return list;
    }

    /** Returns whether a {@code Content-Type} is JSON in UTF-8. */
    public static boolean isJson(@Nullable String contentType) {
        if (JSON.equals(contentType)) {
            return true;
        }
        MediaType type = contentType == null ? null : parse(contentType);
        if (type == null || !type.name.equals(JSON)) {
            return false;
        }
        String charset = type.parameters.getOrDefault("charset", "utf-8");
        return charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("utf8");
    }

    /** Splits at a separator that is not in quotes. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>(2);
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && c == separator) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
