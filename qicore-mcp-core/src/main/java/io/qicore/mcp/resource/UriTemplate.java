package io.qicore.mcp.resource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of RFC 6570 that can be matched backwards without doubt: {@code {x}} and {@code {+x}}, with some text between
 * any two of them. However a URI is made, matching takes at most the square
 * of its length for each variable. Thread-safe.
 */
final class UriTemplate {

    private static final Pattern EXPRESSION = Pattern.compile("\\{([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("\\+?[A-Za-z_][A-Za-z0-9_]*");
    private static final int MAX_URI = 4_096;
    private static final int HEX = 16;

    private final String prefix;
    private final List<Variable> variables;

    /** A variable and the text that follows it; {@code several} lets it span path segments. */
    private record Variable(String name, boolean several, String suffix) {}

    private UriTemplate(String prefix, List<Variable> variables) {
        this.prefix = prefix;
        this.variables = List.copyOf(variables);
    }

    static UriTemplate parse(String template) {
        List<Variable> variables = new ArrayList<>();
        Matcher expressions = EXPRESSION.matcher(template);
        while (expressions.find()) {
            String expression = expressions.group(1);
            if (!VARIABLE.matcher(expression).matches()) {
                throw new IllegalArgumentException("'{" + expression + "}' of " + template
                        + " is not supported: use {name} for a segment or {+name} for several.");
            }
            boolean several = expression.startsWith("+");
            String name = several ? expression.substring(1) : expression;
            if (variables.stream().anyMatch(other -> other.name().equals(name))) {
                throw new IllegalArgumentException("Variable '" + name + "' occurs twice in " + template + ".");
            }
            int next = template.indexOf('{', expressions.end());
            String suffix = template.substring(expressions.end(), next < 0 ? template.length() : next);
            if (suffix.isEmpty() && next >= 0) {
                throw new IllegalArgumentException("Nothing separates '" + name + "' of " + template
                        + " from the next variable: no URI says where one ends.");
            }
            variables.add(new Variable(name, several, suffix));
        }
        if (template.chars().filter(character -> character == '{').count() != variables.size()) {
            throw new IllegalArgumentException(template + " has a brace that is not closed.");
        }
        if (variables.isEmpty()) {
            throw new IllegalArgumentException(template + " has no variable: it is no template.");
        }
        return new UriTemplate(template.substring(0, template.indexOf('{')), variables);
    }

    List<String> variables() {
        return variables.stream().map(Variable::name).toList();
    }

    Optional<Map<String, String>> match(String uri) {
        if (uri.length() > MAX_URI || !uri.startsWith(prefix)) {
            return Optional.empty();
        }
        String[] values = new String[variables.size()];
        if (!match(uri, 0, prefix.length(), values, new BitSet())) {
            return Optional.empty();
        }
        Map<String, String> decoded = new LinkedHashMap<>();
        try {
            for (int i = 0; i < values.length; i++) {
                decoded.put(variables.get(i).name(), decode(values[i]));
            }
        } catch (CharacterCodingException malformedEscape) {
            return Optional.empty();
        }
        return Optional.of(decoded);
    }

    /**
     * Finds the values from one variable on. Like a greedy regular expression a value is as long as it can be; unlike one,
     * no place is tried twice.
     */
    private boolean match(String uri, int index, int from, String[] values, BitSet failed) {
        if (index == variables.size()) {
            return from == uri.length();
        }
        int place = index * (MAX_URI + 1) + from;
        if (failed.get(place)) {
            return false;
        }
        Variable variable = variables.get(index);
        int limit = variable.several() ? uri.length() : endOfSegment(uri, from);
        boolean last = index == variables.size() - 1;
        int end = last ? Math.min(limit, uri.length() - variable.suffix().length()) : limit;
        for (; end > from; end--) {
            if (uri.startsWith(variable.suffix(), end)
                    && match(uri, index + 1, end + variable.suffix().length(), values, failed)) {
                values[index] = uri.substring(from, end);
                return true;
            }
            if (last) {
                break;
            }
        }
        failed.set(place);
        return false;
    }

    private static int endOfSegment(String uri, int from) {
        int end = from;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Undoes percent-encoding. What it stands for must be UTF-8; a plus sign is itself. */
    private static String decode(String encoded) throws CharacterCodingException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        byte[] utf8 = encoded.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '%') {
                bytes.write(utf8[i]);
            } else if (i + 2 < utf8.length && isHex(utf8[i + 1]) && isHex(utf8[i + 2])) {
                bytes.write(Character.digit(utf8[i + 1], HEX) * HEX + Character.digit(utf8[i + 2], HEX));
                i += 2;
            } else {
                throw new CharacterCodingException();
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                .toString();
    }

    private static boolean isHex(byte digit) {
        return Character.digit(digit, HEX) >= 0;
    }
}
