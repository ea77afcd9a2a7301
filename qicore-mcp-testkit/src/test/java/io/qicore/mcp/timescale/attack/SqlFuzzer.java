package io.qicore.mcp.timescale.attack;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Generates statements from elements that lexers may read differently: comments, every kind of quoting, Unicode escapes,
 * separators and brackets, followed by harmful statements. The same seed gives the same statements. Not thread-safe.
 */
final class SqlFuzzer {

    private static final List<String> HARM = List.of(
            "DROP TABLE t",
            "DELETE FROM t",
            "INSERT INTO t VALUES (666)",
            "UPDATE t SET id = 666",
            "TRUNCATE t",
            "CREATE TABLE pwned (x int)",
            "COMMIT",
            "ROLLBACK",
            "COMMIT; DROP TABLE t",
            "SET statement_timeout = 0",
            "SELECT pg_advisory_lock(7)",
            "SELECT deleting()",
            "SELECT nextval('s')",
            "PREPARE p AS SELECT 1",
            "LISTEN pwned",
            "COPY t TO '${dir}/out'",
            "SELECT pg_read_file('${secret}')",
            "SELECT lo_create(4711)",
            "SELECT pg_create_physical_replication_slot('pwned')");

    private static final List<String> CALLS = List.of(
            "pg_advisory_lock(7)",
            "deleting()",
            "locking()",
            "nextval('s')",
            "set_config('search_path', 'pwned', false)",
            "pg_read_file('${secret}')",
            "lo_create(4711)",
            "pg_notify('c', 'x')",
            "row_reader(t)",
            "harmless(1)");

    private static final List<String> TAGS = List.of("", "a", "tag", "é", "_1");

    private static final List<String> SEPARATORS = List.of(
            ";", ";;", " ; ", ";\n", "\r;", ";--\n", ";/**/", "\u00a0;", ");", "];", "');", "\";", "$$;", "*/;");

    private static final List<String> SPACES = List.of(
            " ", "\n", "\r", "\t", "\f", "\u000b", "\u00a0", "\u2028", "/**/", "/* ; */", "--\n", "-- ;\r", "/*/**/*/");

    private final Random random;

    SqlFuzzer(long seed) {
        this.random = new Random(seed);
    }

    String next() {
        return switch (random.nextInt(6)) {
            case 0 -> "SELECT " + value(3) + space() + pick(SEPARATORS) + space() + pick(HARM);
            case 1 -> "SELECT " + value(3) + pick(SEPARATORS) + pick(HARM) + pick(SEPARATORS) + "SELECT " + value(2);
            case 2 -> "SELECT" + space() + call() + space() + (random.nextBoolean() ? "FROM t" : "");
            case 3 -> "WITH w AS (" + space() + pick(HARM) + " RETURNING 1) SELECT * FROM w";
            case 4 -> "SELECT * FROM (SELECT " + value(2) + ") q" + pick(SEPARATORS) + pick(HARM) + " --" + value(1);
            default -> scramble("SELECT " + value(3) + " FROM t WHERE " + value(2) + " IS NULL " + pick(SEPARATORS));
        };
    }

    /** Returns an expression that hides a separator and a harmful statement in a quoted text, which may be unterminated. */
    private String value(int depth) {
        String inside = depth == 0 || random.nextInt(3) == 0 ? pick(SEPARATORS) + pick(HARM) : value(depth - 1);
        return switch (random.nextInt(13)) {
            case 0 -> "'" + inside.replace("'", "''") + "'";
            case 1 -> "'" + inside + "'";
            case 2 -> "E'" + inside.replace("'", "\\'") + "\\'" + random.nextInt(9) + "'";
            case 3 -> "'\\'" + inside;
            case 4 -> dollars(inside);
            case 5 -> "U&'\\003B" + inside.replace("'", "''") + "'";
            case 6 -> "U&\"d\\0061t\" " + inside;
            case 7 -> "/*" + inside + "*/ 1";
            case 8 -> "1 --" + inside + "\n";
            case 9 -> "1 AS \"" + inside.replace("\"", "\"\"") + "\"";
            case 10 -> "(" + inside + ")";
            case 11 -> "'a'" + space() + "'" + inside.replace("'", "''") + "'";
            default -> "1 AS a" + dollars(inside);
        };
    }

    private String dollars(String inside) {
        String tag = "$" + pick(TAGS) + "$";
        return tag + inside + (random.nextInt(4) == 0 ? "$" + pick(TAGS) + "$" : tag);
    }

    /** Returns a forbidden function call, written in an unusual way. */
    private String call() {
        String call = pick(CALLS);
        int bracket = call.indexOf('(');
        String name = call.substring(0, bracket);
        String written =
                switch (random.nextInt(7)) {
                    case 0 -> '"' + name + '"';
                    case 1 -> name.toUpperCase(Locale.ROOT);
                    case 2 -> "pg_catalog" + space() + "." + space() + name;
                    case 3 -> "public." + name;
                    case 4 -> "U&\"" + String.format("\\%04x", (int) name.charAt(0)) + name.substring(1) + '"';
                    case 5 -> "\"pg_catalog\".\"" + name + '"';
                    default -> name;
                };
        return written + space() + call.substring(bracket);
    }

    /** Returns a statement with one character removed, doubled or replaced. */
    private String scramble(String sql) {
        int at = random.nextInt(sql.length());
        String middle =
                switch (random.nextInt(3)) {
                    case 0 -> "";
                    case 1 -> sql.substring(at, at + 1).repeat(2);
                    default ->
                        pick(List.of("'", "\"", "$$", "\\", ";", "(", ")", "--", "/*", "*/", "\0", "\ud800", ":"));
                };
        return sql.substring(0, at) + middle + sql.substring(at + 1);
    }

    private String space() {
        return pick(SPACES);
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
