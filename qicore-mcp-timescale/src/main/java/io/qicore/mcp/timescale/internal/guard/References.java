package io.qicore.mcp.timescale.internal.guard;

import io.qicore.mcp.timescale.internal.sql.SqlNames;
import io.qicore.mcp.timescale.internal.sql.SqlNames.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What has to be looked up next: names from a text, and ids from the expressions that PostgreSQL stores parsed. Confined
 * to one thread.
 */
final class References {

    /** Fields of parsed expressions that hold the id of a function, an operator or a relation. */
    private static final Pattern IDS =
            Pattern.compile(":(?:(funcid|aggfnoid|winfnoid|tsmhandler|startInRangeFunc|endInRangeFunc)"
                    + "|(opno|eqop|sortop|cycle_mark_neop)|(relid)) (\\d+)|:opnos \\(o ([\\d ]+)\\)");

    private record Mention(String kind, Name name) {}

    private final Set<Mention> mentions = new HashSet<>();
    private final Set<Long> functions = new HashSet<>();
    private final Set<Long> boundFunctions = new HashSet<>();
    private final Set<Long> operators = new HashSet<>();
    private final Set<Long> relations = new HashSet<>();

    /** @param anywhere whether a name without schema can be in any schema, and not only in those of the search path */
    void add(SqlNames names, boolean anywhere) {
        add("call", names.calls(), anywhere);
        add("attribute", names.attributes(), anywhere);
        add("operator", names.operators(), anywhere);
        add("relation", names.relations(), anywhere);
    }

    private void add(String kind, Set<Name> names, boolean anywhere) {
        for (Name name : names) {
            mentions.add(new Mention(kind, anywhere && name.schema().isEmpty() ? new Name("*", name.name()) : name));
        }
    }

    /** Adds what a parsed expression refers to. */
    void addExpression(String tree) {
        Matcher ids = IDS.matcher(tree);
        while (ids.find()) {
            if (ids.group(5) != null) {
                for (String id : ids.group(5).split(" ")) {
                    operators.add(Long.valueOf(id));
                }
            } else {
                Set<Long> kind = ids.group(1) != null ? functions : ids.group(2) != null ? operators : relations;
                kind.add(Long.valueOf(ids.group(4)));
            }
        }
    }

    /** Adds an object by its kind in {@link CatalogQueries#UNNAMED}. */
    void add(String kind, long id) {
        Set<Long> ids =
                switch (kind) {
                    case "function" -> functions;
                    case "bound function" -> boundFunctions;
                    case "operator" -> operators;
                    default -> relations;
                };
        ids.add(id);
    }

    boolean isEmpty() {
        return mentions.isEmpty()
                && functions.isEmpty()
                && boundFunctions.isEmpty()
                && operators.isEmpty()
                && relations.isEmpty();
    }

    /** Removes what has been looked up before. */
    void removeAll(References known) {
        mentions.removeAll(known.mentions);
        functions.removeAll(known.functions);
        boundFunctions.removeAll(known.boundFunctions);
        operators.removeAll(known.operators);
        relations.removeAll(known.relations);
    }

    void addAll(References others) {
        mentions.addAll(others.mentions);
        functions.addAll(others.functions);
        boundFunctions.addAll(others.boundFunctions);
        operators.addAll(others.operators);
        relations.addAll(others.relations);
    }

    int size() {
        return mentions.size() + functions.size() + boundFunctions.size() + operators.size() + relations.size();
    }

    /**
     * Returns the arguments of {@link CatalogQueries#LOOKUP}.
     *
     * @param watched the relations that bring others with them
     */
    List<String> arguments(Set<Long> watched) {
        List<Mention> ordered = new ArrayList<>(mentions);
        return List.of(
                array(ordered.stream().map(Mention::kind).toList()),
                array(ordered.stream().map(mention -> mention.name().schema()).toList()),
                array(ordered.stream().map(mention -> mention.name().name()).toList()),
                array(functions),
                array(boundFunctions),
                array(operators),
                array(relations),
                array(watched));
    }

    private static String array(Collection<?> values) {
        return values.stream()
                .map(value -> '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}
