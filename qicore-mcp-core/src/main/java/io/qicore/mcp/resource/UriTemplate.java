package io.qicore.mcp.resource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of RFC 6570 that can be matched backwards without doubt: {@code {x}} and {@code {+x}}, with some text between
 * any two of them. However a URI is made, matching takes time in proportion to
 * its length. Thread-safe.
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
        int[] segmentEnds = segmentEnds(uri);
        int[][] ends = ends(uri, segmentEnds);
        Map<String, String> values = new LinkedHashMap<>();
        int from = prefix.length();
        try {
            for (int i = 0; i < ends.length; i++) {
                Variable variable = variables.get(i);
                int end = ends[i][variable.several() ? uri.length() : segmentEnds[from]];
                if (end <= from) {
                    return Optional.empty();
                }
                values.put(variable.name(), decode(uri.substring(from, end)));
                from = end + variable.suffix().length();
            }
        } catch (CharacterCodingException malformedEscape) {
            return Optional.empty();
        }
        return Optional.of(values);
    }

    /**
     * For each variable and each place the last one up to it where the variable can end such that the rest of the URI
     * fits the rest of the template; -1 for none. A value is as long as it can be, as with a greedy regular expression.
     */
    private int[][] ends(String uri, int[] segmentEnds) {
        int[][] ends = new int[variables.size()][uri.length() + 1];
        for (int i = ends.length - 1; i >= 0; i--) {
            String suffix = variables.get(i).suffix();
            int last = -1;
            for (int end = 0; end <= uri.length(); end++) {
                if (uri.startsWith(suffix, end) && fits(ends, i + 1, end + suffix.length(), segmentEnds)) {
                    last = end;
                }
                ends[i][end] = last;
            }
        }
        return ends;
    }

    private boolean fits(int[][] ends, int next, int from, int[] segmentEnds) {
        int length = segmentEnds.length - 1;
        return next == ends.length
                ? from == length
                : ends[next][variables.get(next).several() ? length : segmentEnds[from]] > from;
    }

    /** For each place where its path segment ends. */
    private static int[] segmentEnds(String uri) {
        int[] segmentEnds = new int[uri.length() + 1];
        segmentEnds[uri.length()] = uri.length();
        for (int i = uri.length() - 1; i >= 0; i--) {
            segmentEnds[i] = "/?#".indexOf(uri.charAt(i)) >= 0 ? i : segmentEnds[i + 1];
        }
        return segmentEnds;
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
