package io.qicore.mcp.timescale.internal.guard;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.SqlBody;
import io.qicore.mcp.timescale.internal.sql.SqlNames;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Follows what a statement refers to until everything is known to only read, and refuses the first object that is not.
 * Bound to one transaction and confined to one thread.
 */
final class Examination {

    /** The most objects behind one statement, which bounds the time of a check. */
    private static final int MAX_OBJECTS = 5000;

    private final Session session;
    private final TimescalePolicy policy;
    private final Unnamed unnamed;
    private final boolean readsActivity;

    /**
     * What is to be looked up, and what has been. A function with a search path of its own may give other meanings to
     * names without schema, also in the functions that it calls. From there on, such a name can be in any schema.
     */
    private static final class Scope {
        final boolean anywhere;
        final References known = new References();
        References next = new References();

        Scope(boolean anywhere) {
            this.anywhere = anywhere;
        }
    }

    /** The objects of the statement itself that lead to others. */
    private final Set<String> beginnings = new LinkedHashSet<>();

    private final Scope onPath = new Scope(false);
    private final Scope anywhere = new Scope(true);

    /** @param statement the names of the statement, whose own reading of the activity view is allowed if it is harmless */
    Examination(Session session, TimescalePolicy policy, Unnamed unnamed, SqlNames statement) {
        this.session = session;
        this.policy = policy;
        this.unnamed = unnamed;
        this.readsActivity = statement.activity();
    }

    /** Examines references of a statement, which {@link CatalogQueries#LOOKUP} has found already. */
    void begin(References references, List<Found> found) throws SQLException {
        onPath.known.addAll(references);
        for (Found object : found) {
            examine(object, onPath, true);
            beginnings.add("'" + object.fullName() + "'");
        }
        try {
            follow();
        } catch (Refused refused) {
            throw refused.behind(beginnings);
        }
    }

    /** Looks up and examines references of a statement. */
    void begin(References references) throws SQLException {
        begin(references, lookUp(references));
    }

    private void follow() throws SQLException {
        while (!onPath.next.isEmpty() || !anywhere.next.isEmpty()) {
            Scope scope = onPath.next.isEmpty() ? anywhere : onPath;
            References references = scope.next;
            scope.next = new References();
            references.removeAll(scope.known);
            scope.known.addAll(references);
            if (onPath.known.size() + anywhere.known.size() > MAX_OBJECTS) {
                throw new Refused("more than " + MAX_OBJECTS + " objects are behind it");
            }
            if (!references.isEmpty()) {
                for (Found object : lookUp(references)) {
                    examine(object, scope, false);
                }
            }
        }
    }

    private List<Found> lookUp(References references) throws SQLException {
        List<Found> found = new ArrayList<>();
        session.list(
                CatalogQueries.LOOKUP,
                row -> found.add(Found.read(row, 0)),
                references.arguments(unnamed.relations()).toArray());
        return found;
    }

    private void examine(Found object, Scope scope, boolean named) {
        if (policy.trusts(object.fullName())) {
            return;
        }
        if (object.isRelation()) {
            examineRelation(object, scope, named);
        } else if (object.builtIn() || object.extension() != null) {
            throw new Refused("function '" + object.fullName() + "' may not be used: " + reason(object));
        } else {
            examineFunction(object, scope);
        }
    }

    private void examineRelation(Found relation, Scope scope, boolean named) {
        if (relation.type() == 't') {
            throw new Refused("'" + relation.fullName() + "' holds parts of the values of another table");
        }
        if (relation.builtIn()) {
            boolean harmless = named && readsActivity && relation.name().equals(KnownObjects.ACTIVITY);
            if (!harmless) {
                throw new Refused("'" + relation.fullName() + "' may not be read: "
                        + KnownObjects.DENIED_RELATIONS.get(relation.name()));
            }
            return;
        }
        if (relation.type() == 'f') {
            throw new Refused("foreign table '" + relation.fullName() + "' is on another server or in a file");
        }
        unnamed.addOf(relation.id(), scope.next);
        scope.next.addExpression(relation.tree());
        if (relation.definition() != null) {
            Set<String> settings = settings("'" + relation.fullName() + "'", relation.definition());
            // A policy does not show the setting that it compares rows with.
            if (relation.type() == 'v') {
                checkSettings(settings);
            }
        }
    }

    private void examineFunction(Found function, Scope scope) {
        String what = "function '" + function.fullName() + "'";
        Scope inside = checkOwnSettings(function, what) ? anywhere : scope;
        inside.next.addExpression(function.tree());
        if (function.definition() != null) {
            checkSettings(settings(what, function.definition()));
        }
        for (String id : function.uses().split(" ")) {
            if (!id.isEmpty() && !id.equals("0")) {
                scope.next.add("bound function", Long.parseLong(id));
            }
        }
        if (function.isAggregate()) {
            scope.next.add("operator", function.sortsBy());
            return;
        }
        boolean readable =
                function.language().equals("sql") || function.language().equals("plpgsql");
        if (!readable) {
            throw new Refused(what + " is written in " + function.language()
                    + ", which this server cannot read. An operator can allow it with TIMESCALE_TRUSTED_OBJECTS");
        }
        if (function.body() != null) {
            SqlNames names = read(what, () -> SqlBody.names(function.body(), function.language()));
            checkSettings(names.settings());
            inside.next.add(names, inside.anywhere);
        }
    }

    /** Refuses a definition that reads a setting whose name is not in it, and returns the settings. */
    static Set<String> settings(String what, String definition) {
        return read(what, () -> SqlBody.settings(definition));
    }

    /** Checks the settings that a function changes. Returns whether the search path is one of them. */
    private static boolean checkOwnSettings(Found function, String what) {
        boolean path = false;
        for (String setting : function.settings()) {
            String name = setting.substring(0, setting.indexOf('=')).toLowerCase(Locale.ROOT);
            if (!KnownObjects.FUNCTION_SETTINGS.contains(name)) {
                throw new Refused(what + " changes the setting '" + name + "'");
            }
            path |= name.equals("search_path");
        }
        return path;
    }

    /** Checks that settings hold no secrets and no paths of the server. */
    void checkSettings(Set<String> settings) {
        for (String setting : settings) {
            if (!KnownObjects.mayReadSetting(setting) && !policy.allowsSetting(setting)) {
                throw new Refused(
                        "the setting '" + setting + "' may hold a secret or a path. An operator can allow it with"
                                + " TIMESCALE_READABLE_SETTINGS");
            }
        }
    }

    private static String reason(Found function) {
        String extension = function.extension() == null ? "" : function.extension();
        return KnownObjects.reason(extension, function.name())
                .orElse(
                        function.isVolatile()
                                ? "it is VOLATILE, so that it may do more than read, and is not known as harmless"
                                : function.kind().equals("bound function") && function.builtIn()
                                        ? "it reads settings by a name that is not in the text"
                                        : "it belongs to extension " + extension
                                                + ", of which only IMMUTABLE functions may be used");
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T read(String what, Reading<T> reading) {
        try {
            return reading.read();
        } catch (MCPToolError e) {
            throw new Refused(
                    e.is(TimescaleErrorCode.STATEMENT_NOT_ALLOWED)
                            ? what + " " + e.getMessage()
                            : "the definition of " + what + " cannot be read for checking");
        }
    }
}
