package io.qicore.mcp.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriTemplateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            t://{x} | t://a | {x=a}
            t://{x} | t://a/b | -
            t://{x} | t:// | -
            t://{x} | T://a | -
            t://{x} | t://a?q | -
            t://{x} | t://a#f | -
            t://{+x} | t://a/b?q#f | {x=a/b?q#f}
            t://{x}/end | t://a/end | {x=a}
            t://{x}/end | t://a/end/end | -
            t://{x}/end | t://a/ending | -
            t://{x}.{y} | t://a.b.c | {x=a.b, y=c}
            t://{x}-{y}-{z} | t://1-2-3-4 | {x=1-2, y=3, z=4}
            t://{+x}.{y} | t://a.b/c.d | {x=a.b/c, y=d}
            t://{+x}/{y} | t://a/b/c | {x=a/b, y=c}
            t://{x}/{+y}/z | t://a/b/c/z | {x=a, y=b/c}
            t://{x} | t://a%20b%2Fc | {x=a b/c}
            t://{x} | t://a+b | {x=a+b}
            t://{x} | t://%C3%A9é%e4%b8%ad | {x=éé中}
            t://{x} | t://%zz | -
            t://{x} | t://% | -
            t://{x} | t://%4 | -
            t://{x} | t://%-1 | -
            t://{x} | t://%ff | -
            t://{x} | t://%c0%af | -
            t://{x} | t://%ED%A0%80 | -
            a.b{x} | aXb1 | -
            (a)[b]{x}$ | (a)[b]1$ | {x=1}
            """)
    void uri_isMatched(String template, String uri, String values) {
        assertThat(UriTemplate.parse(template).match(uri).map(Map::toString).orElse(null))
                .isEqualTo(values);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t://x",
                "t://{}",
                "t://{x}{y}",
                "t://{x}/{x}",
                "t://{x,y}",
                "t://{?x}",
                "t://{/x}",
                "t://{#x}",
                "t://{x*}",
                "t://{x:3}",
                "t://{x",
                "t://{x}/{",
                "t://{a{b}}",
                "t://{1x}"
            })
    void template_thatCannotBeMatchedBackwardsIsRefused(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriTemplate.parse(template))
                .withMessageContaining("t://");
    }

    @Test
    void matching_takesBoundedTime() {
        List<UriTemplate> templates = List.of(
                UriTemplate.parse("t://{a}-{b}-{c}-{d}-{e}"),
                UriTemplate.parse("t://{+a}/{+b}/{+c}/{+d}/end"),
                UriTemplate.parse("t://{+a}--{b}--{+c}!"));
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (UriTemplate template : templates) {
                for (int length : new int[] {100, 4_000, 100_000, 4_000_000}) {
                    for (String part : List.of("-", "/", "-/", "a-", "a/")) {
                        String uri = "t://" + part.repeat(length / part.length());
                        template.match(uri + "/");
                        template.match(uri + "#");
                    }
                }
            }
        });
    }

    @Test
    void matching_isThatOfAGreedyPattern() {
        Random random = new Random(1);
        Map<String, Pattern> patterns = Map.of(
                "{a}/{b}", Pattern.compile("([^/?#]+)/([^/?#]+)"),
                "x{a}-{+b}", Pattern.compile("x([^/?#]+)-(.+)"),
                "{+a}-{b}/x", Pattern.compile("(.+)-([^/?#]+)/x"),
                "{a}-x-{b}", Pattern.compile("([^/?#]+)-x-([^/?#]+)"));
        patterns.forEach((text, pattern) -> {
            UriTemplate template = UriTemplate.parse(text);
            for (int i = 0; i < 5_000; i++) {
                StringBuilder uri = new StringBuilder();
                for (int n = random.nextInt(9); n >= 0; n--) {
                    uri.append("x-/b?".charAt(random.nextInt(5)));
                }
                Matcher matcher = pattern.matcher(uri);
                assertThat(template.match(uri.toString()).map(values -> List.copyOf(values.values())))
                        .as("%s of %s", uri, text)
                        .isEqualTo(
                                matcher.matches()
                                        ? java.util.Optional.of(List.of(matcher.group(1), matcher.group(2)))
                                        : java.util.Optional.empty());
            }
        });
    }
}
