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
 * Matches URIs against a template. Supports the part of RFC 6570 that can be matched unambiguously: {@code {x}} and
 * {@code {+x}}, with text between any two variables. Matching never backtracks: it takes time proportional to the
 * length of the URI, whatever the URI contains. Immutable and thread-safe.
 */
final class UriTemplate {

    private static final Pattern EXPRESSION = Pattern.compile("\\{([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("\\+?[A-Za-z_][A-Za-z0-9_]*");
    private static final int MAX_URI_LENGTH = 4_096;
    private static final int HEX = 16;

    private final String prefix;
    private final List<Variable> variables;

    /**
     * A variable and the literal text after it.
     *
     * @param multiSegment whether the value may span several path segments
     */
    private record Variable(String name, boolean multiSegment, String suffix) {}

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
                        + " is not supported: use {name} for one path segment or {+name} for several.");
            }
            boolean multiSegment = expression.startsWith("+");
            String name = multiSegment ? expression.substring(1) : expression;
            if (variables.stream().anyMatch(other -> other.name().equals(name))) {
                throw new IllegalArgumentException("Variable '" + name + "' occurs twice in " + template + ".");
            }
            int next = template.indexOf('{', expressions.end());
            String suffix = template.substring(expressions.end(), next < 0 ? template.length() : next);
            if (suffix.isEmpty() && next >= 0) {
                throw new IllegalArgumentException("Variable '" + name + "' of " + template
                        + " is directly followed by another: put text between them, such as a slash.");
            }
            variables.add(new Variable(name, multiSegment, suffix));
        }
        if (template.chars().filter(character -> character == '{').count() != variables.size()) {
            throw new IllegalArgumentException("The braces of " + template + " do not match.");
        }
        if (variables.isEmpty()) {
            throw new IllegalArgumentException(
                    template + " has no variable, so it is not a template. Use MCPResource.of for a fixed URI.");
        }
        return new UriTemplate(template.substring(0, template.indexOf('{')), variables);
    }

    List<String> variables() {
        return variables.stream().map(Variable::name).toList();
    }

    Optional<Map<String, String>> match(String uri) {
        if (uri.length() > MAX_URI_LENGTH || !uri.startsWith(prefix)) {
            return Optional.empty();
        }
        int[] segmentEnds = segmentEnds(uri);
        int[][] ends = ends(uri, segmentEnds);
        Map<String, String> values = new LinkedHashMap<>();
        int from = prefix.length();
        try {
            for (int i = 0; i < ends.length; i++) {
                Variable variable = variables.get(i);
                int end = ends[i][variable.multiSegment() ? uri.length() : segmentEnds[from]];
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
     * Computes where values can end. {@code ends[v][p]} is the last position up to {@code p} at which variable
     * {@code v} can end so that the rest of the URI matches the rest of the template, or -1 if there is no such
     * position. Values are as long as possible, as with a greedy regular expression.
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
                : ends[next][variables.get(next).multiSegment() ? length : segmentEnds[from]] > from;
    }

    /** Returns, for each position, where the path segment that contains it ends. */
    private static int[] segmentEnds(String uri) {
        int[] segmentEnds = new int[uri.length() + 1];
        segmentEnds[uri.length()] = uri.length();
        for (int i = uri.length() - 1; i >= 0; i--) {
            segmentEnds[i] = "/?#".indexOf(uri.charAt(i)) >= 0 ? i : segmentEnds[i + 1];
        }
        return segmentEnds;
    }

    /** Decodes percent-encoded UTF-8. A plus sign stands for itself, not for a space. */
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
