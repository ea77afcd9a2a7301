package io.qicore.mcp.resource;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of RFC 6570 that can be matched backwards without doubt: {@code {x}} and {@code {+x}}. Thread-safe. */
final class UriTemplate {

    private static final Pattern EXPRESSION = Pattern.compile("\\{([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("\\+?[A-Za-z_][A-Za-z0-9_]*");

    private final Pattern pattern;
    private final List<String> variables;

    private UriTemplate(Pattern pattern, List<String> variables) {
        this.pattern = pattern;
        this.variables = variables;
    }

    static UriTemplate parse(String template) {
        StringBuilder regex = new StringBuilder();
        List<String> variables = new ArrayList<>();
        Matcher expressions = EXPRESSION.matcher(template);
        int end = 0;
        while (expressions.find()) {
            String expression = expressions.group(1);
            if (!VARIABLE.matcher(expression).matches()) {
                throw new IllegalArgumentException("'{" + expression + "}' of " + template
                        + " is not supported: use {name} for a segment or {+name} for several.");
            }
            boolean several = expression.startsWith("+");
            String variable = several ? expression.substring(1) : expression;
            if (variables.contains(variable)) {
                throw new IllegalArgumentException("Variable '" + variable + "' occurs twice in " + template + ".");
            }
            variables.add(variable);
            regex.append(Pattern.quote(template.substring(end, expressions.start())));
            regex.append(several ? "(.+)" : "([^/?#]+)");
            end = expressions.end();
        }
        regex.append(Pattern.quote(template.substring(end)));
        if (variables.isEmpty()) {
            throw new IllegalArgumentException(template + " has no variable: it is no template.");
        }
        return new UriTemplate(Pattern.compile(regex.toString()), List.copyOf(variables));
    }

    List<String> variables() {
        return variables;
    }

    Optional<Map<String, String>> match(String uri) {
        Matcher matcher = pattern.matcher(uri);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        try {
            for (int i = 0; i < variables.size(); i++) {
                // A plus sign is itself in a URI; only forms use it for a blank.
                String encoded = matcher.group(i + 1).replace("+", "%2B");
                values.put(variables.get(i), URLDecoder.decode(encoded, StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException malformedEscape) {
            return Optional.empty();
        }
        return Optional.of(values);
    }
}
