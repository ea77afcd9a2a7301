package io.qicore.mcp.timescale.internal.connect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/**
 * What is prepared in the sessions of the connections of this server, so that PostgreSQL neither parses nor plans it again.
 * Thread-safe.
 *
 * <p>Only for connections that this server opens itself, and only while each leads to one session, which every transaction
 * tells: behind a pooler that changes sessions nothing is prepared. A name is the digest of its text, so that it could not mean
 * another statement even in another session. PostgreSQL resolves a prepared statement again when one of its tables or the search
 * path changes, and refuses it if its columns are others then.
 */
public final class PreparedStatements {

    /** What one session keeps: about a hundred kilobytes for each statement in the worst case. */
    static final int MAX_FOR_SESSION = 80;

    private static final String PREFIX = "qicore_";

    /** Statements without a value that are always the same. */
    private static final Set<String> CONSTANT = Set.of(Preamble.READ_ONLY, Session.ROLLBACK);

    /** A text that is the same in a literal, whatever the settings of the session. */
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9 _.,:+/$\"-]*");

    private final Map<BaseConnection, Names> connections = Collections.synchronizedMap(new WeakHashMap<>());

    /** Creates an object for the connections of some pools. */
    public PreparedStatements() {}

    Names of(BaseConnection driver) {
        return connections.computeIfAbsent(driver, connection -> new Names());
    }

    /** The names in the session of one connection. Confined to the thread that has borrowed the connection. */
    static final class Names {

        /** From the text of a statement to its name, in the order of their last use. */
        private final Map<String, String> names = new LinkedHashMap<>(16, 0.75f, true);

        private boolean direct;

        private Names() {}

        /**
         * Learns whether a transaction took place in the session of this connection.
         *
         * @param sameSession whether the session had the process id that the server sent when the connection was opened
         */
        void seen(boolean sameSession) {
            direct = sameSession;
            if (!sameSession) {
                names.clear();
            }
        }

        /**
         * Returns how to run statements by their names, where they are worth it. What a step {@linkplain Step#prepares prepares}
         * must be {@linkplain #keep kept} when it has succeeded.
         */
        List<Step> steps(List<Part> parts, BaseConnection driver) throws SQLException {
            List<Step> steps = new ArrayList<>();
            for (Part part : parts) {
                if (!direct || !part.repeats()) {
                    steps.add(new Step(part, true, CONSTANT.contains(part.sql()), null));
                    continue;
                }
                String name = names.get(part.sql());
                if (name == null) {
                    forgetEldest(steps);
                    name = PREFIX + digest(part.sql());
                    String text =
                            driver.createQuery(part.sql(), false, true).query.getNativeSql();
                    steps.add(new Step(new Part("PREPARE " + name + " AS " + text), false, false, part.sql()));
                }
                boolean plain = part.values().stream()
                        .allMatch(value -> value == null || PLAIN.matcher(value).matches());
                steps.add(new Step(execution(name, part.values(), driver), true, plain, null));
            }
            return steps;
        }

        private void forgetEldest(List<Step> steps) {
            if (names.size() >= MAX_FOR_SESSION) {
                Iterator<String> eldest = names.values().iterator();
                steps.add(new Step(new Part("DEALLOCATE " + eldest.next()), false, false, null));
                eldest.remove();
            }
        }

        void keep(String text) {
            names.put(text, PREFIX + digest(text));
        }

        private static Part execution(String name, List<@Nullable String> values, BaseConnection driver)
                throws SQLException {
            StringBuilder sql = new StringBuilder("EXECUTE ").append(name);
            String separator = "(";
            for (String value : values) {
                sql.append(separator);
                if (value == null) {
                    sql.append("NULL");
                } else {
                    sql.append('\'').append(driver.escapeString(value)).append('\'');
                }
                separator = ", ";
            }
            return new Part(values.isEmpty() ? sql.toString() : sql.append(')').toString());
        }

        private static String digest(String text) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(digest, 0, 20);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java has SHA-256", e);
            }
        }
    }

    /**
     * One statement to send.
     *
     * @param isAsked whether somebody waits for its answer
     * @param isFixed whether no text of an agent is in it, and no character that means anything in a literal
     * @param prepares the text that it prepares, or null
     */
    record Step(
            Part part,
            boolean isAsked,
            boolean isFixed,
            @Nullable String prepares) {}
}
