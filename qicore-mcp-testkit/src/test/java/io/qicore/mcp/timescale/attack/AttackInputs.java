package io.qicore.mcp.timescale.attack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads the inputs from the resources of this package. Each line is one input, with the escapes of a Java string. */
final class AttackInputs {

    /** The required outcome of an input. */
    enum Wanted {
        REFUSED,
        BOUNDED,
        ACCEPTED
    }

    /** A statement and its required outcome. */
    record Input(Wanted wanted, String sql) {}

    private AttackInputs() {}

    static List<Input> attacks() {
        return lines("attacks.txt").stream()
                .map(line -> line.startsWith("refuse ")
                        ? new Input(Wanted.REFUSED, unescape(line.substring("refuse ".length())))
                        : new Input(Wanted.BOUNDED, unescape(line.substring("bound ".length()))))
                .toList();
    }

    static List<Input> accepted(String file) {
        return lines(file).stream()
                .map(line -> new Input(Wanted.ACCEPTED, unescape(line)))
                .toList();
    }

    static List<String> lines(String file) {
        try (InputStream stream = Objects.requireNonNull(AttackInputs.class.getResourceAsStream(file), file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String unescape(String line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = line.charAt(++i);
            switch (escaped) {
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case '0' -> text.append('\0');
                case 'u' -> {
                    text.append((char) Integer.parseInt(line.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(escaped);
            }
        }
        return text.toString();
    }
}
