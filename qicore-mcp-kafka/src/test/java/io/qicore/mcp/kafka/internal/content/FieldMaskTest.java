package io.qicore.mcp.kafka.internal.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldMaskTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "email | {'a':1} | {'a':1}",
                "email | {'email':'x'} | {'email':'***'}",
                "email | {'EMail':'x'} | {'EMail':'***'}",
                "email | {'email':{'a':1}} | {'email':'***'}",
                "email | {'email':['x','y']} | {'email':'***'}",
                "email | {'email':null,'e':1.50} | {'email':'***','e':1.50}",
                "email | [{'u':{'email':1}},{'email':2},3] | [{'u':{'email':'***'}},{'email':'***'},3]",
                "email | {'emails':1,'e.mail':2} | {'emails':1,'e.mail':2}",
                "card.* | {'card':{'no':1,'cvc':{'x':2}}} | {'card':{'no':'***','cvc':'***'}}",
                "card.* | {'card':'x'} | {'card':'x'}",
                "card.* | {'a':{'card':[{'no':1},{'no':2}]}} | {'a':{'card':[{'no':'***'},{'no':'***'}]}}",
                "card.* | {'card.no':1} | {'card.no':'***'}",
                "card.no | {'x.card':{'no':1,'nx':2}} | {'x.card':{'no':'***','nx':2}}",
                "card | {'card.no':1} | {'card.no':'***'}",
                "*_token | {'api_token':1,'tokens':2} | {'api_token':'***','tokens':2}",
                "?d | {'id':1,'idd':2} | {'id':'***','idd':2}",
                "* | {'a':1,'b':[2]} | {'a':'***','b':'***'}",
                "email | {'raw':'{`email`:`x`,`a`:1}'} | {'raw':'{`email`:`***`,`a`:1}'}",
                "email | {'raw':'{`a`:1}'} | {'raw':'{`a`:1}'}",
                "email | {'raw':'{broken'} | {'raw':'***'}",
                "email | ['  [{`email`:1}]'] | ['[{`email`:`***`}]']",
                "email | {'note':'my email is x'} | {'note':'my email is x'}",
                "email | {'note':'emails: 3, e-mail: x'} | {'note':'emails: 3, e-mail: x'}",
                "email | {'note':'`quoted` email'} | {'note':'`quoted` email'}",
                "email | {'user_email':1,'note':'user_email=1'} | {'user_email':1,'note':'user_email=1'}",
                "email | {'note':'email=x'} | {'note':'***'}",
                "email | {'note':'EMail : x'} | {'note':'***'}",
                "email | {'note':'<email id=1>x'} | {'note':'***'}",
                "email | {' \uff25mail ':1} | {' \uff25mail ':'***'}",
                "*_token | {'note':'api_token=x','b':'token=x'} | {'note':'***','b':'token=x'}",
                "card.* | {'note':'card.no=x','b':'card no'} | {'note':'***','b':'card no'}",
                "card.no | {'note':'card.no=x'} | {'note':'***'}"
            })
    void fieldsAreMasked_atAnyDepth(String pattern, String json, String masked) throws Exception {
        assertThat(JsonTrees.write(mask(pattern).apply(JsonTrees.read(quoted(json)))))
                .isEqualTo(quoted(masked));
    }

    private static String quoted(String text) {
        return text.replace("`", "\\\"").replace('\'', '"');
    }

    @Test
    void nothingMasked_isTheSameTree() throws Exception {
        var tree = JsonTrees.read("{\"a\":[{\"b\":\"{\\\"c\\\":1}\"}]}");

        assertThat(mask("email").apply(tree)).isSameAs(tree);
        assertThat(FieldMask.NONE.apply(tree)).isSameAs(tree);
    }

    @Test
    void treesInTextsInTrees_doNotOverflowTheStack() {
        String text = "{\"email\":\"s3cr3t\"}";
        for (int i = 0; i < 12; i++) {
            text = "[".repeat(900) + TextNode.valueOf(text) + "]".repeat(900);
        }

        JsonNode masked = mask("email").apply(TextNode.valueOf(text));

        assertThat(masked.toString()).contains("***").doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"email\": \"x\"} trailing",
                "  [1,",
                "\ufeff{\"a\":1}",
                "email=a@b.c",
                "<user><EMAIL>x</EMAIL></user>",
                "a,\"\\u0065mail\""
            })
    void textsThatMayHaveTheField_areSuspect(String text) {
        assertThat(mask("user.email").suspects(text)).isTrue();
        assertThat(FieldMask.NONE.suspects(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "e mail", "42", "\"{\""})
    void otherTexts_areNot(String text) {
        assertThat(mask("user.email").suspects(text)).isFalse();
        assertThat(mask("?*").suspects(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "email,email,true",
        "email,user.email,true",
        "email,email.domain,true",
        "email,emails,false",
        "card.*,card,false",
        "card.*,card.no,true",
        "card.*,a.CARD.no.x,true",
        "x-*,X-Secret,true"
    })
    void coversPathsAndHeaders(String pattern, String path, boolean covered) {
        assertThat(mask(pattern).covers(path)).isEqualTo(covered);
    }

    @Test
    void keys_haveANameOfTheirOwn() {
        assertThat(mask("$key").masksKeys()).isTrue();
        assertThat(mask("$key").masksFields()).isFalse();
        assertThat(mask("key").masksKeys()).isFalse();
    }

    private static FieldMask mask(String... names) {
        return FieldMask.of(KafkaPolicy.builder().maskedFields(names).build());
    }
}
