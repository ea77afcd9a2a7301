package io.qicore.mcp.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The Java snippets of a page of the documentation. */
final class Snippets {

    private static final Pattern SNIPPET = Pattern.compile("(?m)^ *```java\n(.*?)^ *```$", Pattern.DOTALL);

    private Snippets() {}

    /**
     * Compiles the snippets of a page, each in a method of its own.
     *
     * @param frame the class around them, with one {@code %s}
     * @param expected how many there are
     */
    static void compile(Path page, String frame, int expected, Path classes) throws Exception {
        StringBuilder methods = new StringBuilder();
        int snippets = 0;
        for (Matcher snippet = SNIPPET.matcher(Files.readString(page)); snippet.find(); snippets++) {
            methods.append("void snippet%d() throws Exception {%n%s}%n".formatted(snippets, snippet.group(1)));
        }
        assertThat(snippets).isEqualTo(expected);

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(new Source(frame.formatted(methods))))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
