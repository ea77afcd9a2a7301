package io.qicore.mcp.timescale.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferencesTest {

    @Test
    void storedExpression_givesIdsOfEachKind() {
        References references = new References();
        references.addExpression(
                "{FUNCEXPR :funcid 11 :funcresulttype 25} {AGGREF :aggfnoid 12 :aggtype 20} {WINDOWFUNC"
                        + " :winfnoid 13} {OPEXPR :opno 21 :opfuncid 65} {ROWCOMPAREEXPR :opnos (o 22 23)} {SORTGROUPCLAUSE :eqop 24"
                        + " :sortop 25} {RTE :relid 31} {TABLESAMPLECLAUSE :tsmhandler 14}");

        List<String> arguments = references.arguments(Set.of(41L));

        assertThat(elements(arguments.get(3))).containsExactlyInAnyOrder("11", "12", "13", "14");
        assertThat(elements(arguments.get(5))).containsExactlyInAnyOrder("21", "22", "23", "24", "25");
        assertThat(elements(arguments.get(6))).containsExactly("31");
        assertThat(elements(arguments.get(7))).containsExactly("41");
    }

    /** A name cannot end an element of the array that carries it to the server. */
    @Test
    void mentions_areQuoted() {
        References references = new References();
        references.add(ReadStatement.parse("SELECT \"q\\uo\"\"te,}\"(1)").names(), false);

        assertThat(references.arguments(Set.of()).get(2)).contains("\"q\\\\uo\\\"te,}\"");
    }

    /** In a function with a search path of its own, a name without schema can be in any schema. */
    @Test
    void anywhere_replacesTheSearchPath() {
        References references = new References();
        references.add(ReadStatement.parse("SELECT f(1), s.g(2)").names(), true);

        assertThat(elements(references.arguments(Set.of()).get(1))).containsOnly("*", "s");
    }

    @Test
    void knownReferences_areNotLookedUpAgain() {
        References known = new References();
        known.add("function", 1);
        References next = new References();
        next.add("function", 1);
        next.add("bound function", 1);

        next.removeAll(known);

        assertThat(next.isEmpty()).isFalse();
        assertThat(next.arguments(Set.of()).get(3)).isEqualTo("{}");
        assertThat(next.arguments(Set.of()).get(4)).isEqualTo("{\"1\"}");
    }

    private static List<String> elements(String array) {
        return List.of(array.substring(1, array.length() - 1).replace("\"", "").split(","));
    }
}
