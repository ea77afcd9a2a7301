package io.qicore.mcp.timescale.internal.role;

import io.qicore.mcp.timescale.internal.connect.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the privileges of the server's role with those that its tools need, and reports those that are too many
 * and those that are missing. The role is the second line of defence if the checks of a statement have a gap.
 * Stateless.
 */
public final class RoleCheck {

    /**
     * A finding about the role.
     *
     * @param what it is, as the end of a sentence that begins with the role
     * @param fix SQL, for somebody who may, that changes it
     */
    public record Finding(String what, String fix) {}

    /**
     * The findings about a role.
     *
     * @param role its name
     * @param tooMuch what it may do and a server for agents does not need
     * @param tooLittle what the tools need and it may not do
     */
    public record Verdict(String role, List<Finding> tooMuch, List<Finding> tooLittle) {

        /** Copies the lists. */
        public Verdict {
            tooMuch = List.copyOf(tooMuch);
            tooLittle = List.copyOf(tooLittle);
        }

        /** Returns whether there are no findings. */
        public boolean isRight() {
            return tooMuch.isEmpty() && tooLittle.isEmpty();
        }

        /** Returns the statements that correct the role, each once and each ending with a semicolon. */
        public List<String> fixes() {
            return Stream.concat(tooMuch.stream(), tooLittle.stream())
                    .map(Finding::fix)
                    .distinct()
                    .toList();
        }

        /** Returns the findings and the SQL that corrects them, without secrets. */
        @Override
        public String toString() {
            if (isRight()) {
                return "The database role '" + role + "' may do what this server needs, and no more.";
            }
            return sentence("may do more than this server needs: it ", tooMuch)
                    + sentence("may do less than this server needs: it ", tooLittle)
                    + "An administrator changes that with: " + String.join(" ", fixes());
        }

        private String sentence(String beginning, List<Finding> findings) {
            return findings.isEmpty()
                    ? ""
                    : "The database role '" + role + "' " + beginning
                            + findings.stream().map(Finding::what).collect(Collectors.joining("; it ")) + ". ";
        }
    }

    private record Found(boolean tooMuch, Finding finding) {}

    private RoleCheck() {}

    /**
     * Checks the role of a session.
     *
     * @param writes whether the server is to create and change tables, so that its role has to be able to
     */
    public static Verdict of(Session session, boolean writes) throws SQLException {
        String role =
                session.list("SELECT current_user", row -> row.getString(1)).get(0);
        List<Found> found = session.list(
                RoleRules.sql(writes),
                row -> new Found(row.getBoolean(1), new Finding(row.getString(2), row.getString(3))));
        return new Verdict(role, findings(found, true), findings(found, false));
    }

    private static List<Finding> findings(List<Found> found, boolean tooMuch) {
        return found.stream()
                .filter(one -> one.tooMuch() == tooMuch)
                .map(Found::finding)
                .toList();
    }
}
