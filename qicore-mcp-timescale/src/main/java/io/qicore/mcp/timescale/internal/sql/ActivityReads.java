package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import java.util.List;
import java.util.Set;

/**
 * Recognizes statements that read {@code pg_stat_activity} without the text of queries, which may hold the data and
 * secrets of other sessions. Every name in the statement must be known: a column without that text, an aggregate, a word
 * of the grammar or a label. So the row as a whole, {@code *} and functions of the row cannot be in it.
 */
final class ActivityReads {

    private static final String VIEW = "pg_stat_activity";

    private static final Set<String> COLUMNS = Set.of(
            "datid",
            "datname",
            "pid",
            "leader_pid",
            "usesysid",
            "usename",
            "application_name",
            "client_addr",
            "client_hostname",
            "client_port",
            "backend_start",
            "xact_start",
            "query_start",
            "state_change",
            "wait_event_type",
            "wait_event",
            "state",
            "backend_xid",
            "backend_xmin",
            "query_id",
            "backend_type");

    private static final Set<String> WORDS = Set.of(
            "select",
            "distinct",
            "from",
            "where",
            "group",
            "having",
            "order",
            "by",
            "limit",
            "offset",
            "asc",
            "desc",
            "nulls",
            "first",
            "last",
            "and",
            "or",
            "not",
            "is",
            "null",
            "true",
            "false",
            "in",
            "any",
            "like",
            "ilike",
            "between",
            "case",
            "when",
            "then",
            "else",
            "end",
            "filter",
            "interval",
            "epoch",
            "as",
            "pg_catalog",
            "text",
            // functions
            "count",
            "sum",
            "min",
            "max",
            "avg",
            "now",
            "clock_timestamp",
            "coalesce",
            "extract",
            "age",
            "current_database",
            "pg_backend_pid",
            "current_timestamp",
            "current_user",
            "date_trunc",
            "round");

    /** Reserved words that can follow a table. Any other word there is an alias, which can stand for the whole row. */
    private static final Set<String> BEHIND_VIEW = Set.of("where", "group", "having", "order", "limit", "offset");

    private ActivityReads() {}

    static boolean areHarmless(List<SqlToken> tokens) {
        int view = -1;
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).isName() && tokens.get(i).text().equals(VIEW)) {
                if (view >= 0) {
                    return false;
                }
                view = i;
            }
        }
        if (view < 1) {
            return false;
        }
        int from = at(tokens, view - 1, ".") ? view - 3 : view - 1;
        if (from < 0 || !tokens.get(from).isWord("from")) {
            return false;
        }
        int next = view + 1 < tokens.size() && tokens.get(view + 1).isWord("as") ? view + 2 : view + 1;
        boolean ends = next == tokens.size()
                || at(tokens, next, ")")
                || tokens.get(next).kind() == Kind.WORD
                        && BEHIND_VIEW.contains(tokens.get(next).text());
        String alias = ends ? "" : tokens.get(next).text();
        if (!ends && (!tokens.get(next).isName() || WORDS.contains(alias) || at(tokens, next + 1, "("))) {
            return false;
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (i != view && (ends || i != next) && !isKnown(tokens, i, alias)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKnown(List<SqlToken> tokens, int i, String alias) {
        SqlToken token = tokens.get(i);
        if (token.text().equals("*")) {
            return i >= 2 && at(tokens, i - 1, "(") && tokens.get(i - 2).isWord("count");
        }
        if (!token.isName()) {
            return true;
        }
        if (at(tokens, i + 1, ".")) {
            return token.text().equals(alias) || token.text().equals("pg_catalog");
        }
        if (at(tokens, i - 1, ".")) {
            return COLUMNS.contains(token.text());
        }
        boolean label = i > 0 && tokens.get(i - 1).isWord("as");
        return label && !at(tokens, i + 1, "(")
                || COLUMNS.contains(token.text())
                || token.kind() == Kind.WORD && WORDS.contains(token.text());
    }

    private static boolean at(List<SqlToken> tokens, int i, String mark) {
        return i >= 0 && i < tokens.size() && tokens.get(i).isPunctuation(mark);
    }
}
