package io.qicore.mcp.timescale.internal.guard;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.connect.SqlErrors;
import io.qicore.mcp.timescale.internal.sql.SqlNames;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The first wall. Decides whether a statement, or a relation that an agent names, may be read. What the names in the text
 * can mean is looked up in the catalogue, and what they lead to is followed: views, row security, bodies and defaults of
 * functions, aggregates, operators, casts, domains, partitions. Everything that is not known to only read data of this
 * database is refused with its name.
 *
 * <p><b>Steps.</b> The text gives names ({@link SqlNames}), without the database. One query ({@link GuardCheck#sql()})
 * returns a row for each object behind the names that is not known to be harmless; no row means yes. If there are rows,
 * {@link GuardCheck#finish} examines them and looks up, one round trip a level, what they refer to. A statement over
 * tables and functions of PostgreSQL and of known extensions never needs a second query.
 *
 * <p><b>Cache.</b> Verdicts are kept for {@link #MAX_AGE} by the names, not by the text, so a repeat needs no query: then
 * {@link GuardCheck#sql()} only selects the schemas of the search path, which must be those of the verdict. What runs
 * without being named ({@link CatalogQueries#UNNAMED}) is read once in this time for all statements.
 *
 * <p><b>In a pipeline.</b> The first query decides, so {@link CatalogQueries#LOOKUP} can be sent together with the
 * statement as an expression that raises: {@code SELECT CAST(CASE WHEN EXISTS (…) THEN 'guard' ELSE '1' END AS int)}
 * fails if a row needs to be examined, and PostgreSQL skips the rest of the pipeline.
 *
 * <p>Thread-safe. One guard for a data source, whose sessions have the same role.
 */
public final class CatalogGuard {

    /** How long a verdict holds, although somebody may change a function or view meanwhile. */
    public static final Duration MAX_AGE = Duration.ofSeconds(3);

    private static final int MAX_VERDICTS = 1000;

    /** A verdict about the names of a statement in the schemas of a search path, or about what runs without being named. */
    record Verdict(String schemas, @Nullable String refusal, long time) {}

    private record TimedUnnamed(Unnamed unnamed, long time) {}

    private final TimescalePolicy policy;
    private final LongSupplier nanoTime;

    /** In the order of their last use. */
    private final Map<SqlNames, Verdict> verdicts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SqlNames, Verdict> eldest) {
            return size() > MAX_VERDICTS;
        }
    };

    private final AtomicReference<@Nullable TimedUnnamed> unnamed = new AtomicReference<>();

    /** Creates a guard that lets through what a policy trusts. */
    public CatalogGuard(TimescalePolicy policy) {
        this(policy, System::nanoTime);
    }

    CatalogGuard(TimescalePolicy policy, LongSupplier nanoTime) {
        this.policy = policy;
        this.nanoTime = nanoTime;
    }

    /** Begins the check of a statement. The first query of the check can be sent with the opening of the transaction. */
    public GuardCheck check(SqlNames names) {
        return new GuardCheck(this, names, verdict(names), freshUnnamed(), true);
    }

    /**
     * Begins the check of a statement of a caller with limits, whose search path is another one. It neither uses nor keeps what is
     * known from other statements.
     */
    public GuardCheck checkAfresh(SqlNames names) {
        return new GuardCheck(this, names, null, Optional.empty(), false);
    }

    /**
     * Checks a relation before this server reads it for an agent.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED} if reading it can do more than read data
     *     of this database; the message names the object and the reason
     */
    public void checkRelation(Session session, Table table) {
        try {
            GuardCheck check = check(SqlNames.ofRelation(table.schema(), table.name()));
            session.list(
                    check.sql(),
                    row -> {
                        check.accept(row);
                        return row;
                    },
                    check.arguments().toArray());
            check.finish(session);
        } catch (SQLException e) {
            throw SqlErrors.toToolError(e, "guard", null);
        }
    }

    TimescalePolicy policy() {
        return policy;
    }

    /**
     * Returns what runs without being named in these schemas, after it has been found to be harmless.
     *
     * @param keep whether to keep it for other statements
     */
    Unnamed unnamed(Session session, String schemas, boolean keep) throws SQLException {
        TimedUnnamed known = unnamed.get();
        if (known != null && isFresh(known.time()) && known.unnamed().schemas().equals(schemas)) {
            return known.unnamed();
        }
        long time = time();
        Unnamed read = new Unnamed(
                session.list(
                        CatalogQueries.UNNAMED,
                        row -> new Unnamed.Row(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4))),
                schemas);
        Examination examination = new Examination(session, policy, read, SqlNames.NONE);
        try {
            // A constraint does not show the setting that it compares values with.
            read.definitions().forEach(definition -> Examination.settings("a constraint of a domain", definition));
            examination.begin(read.everywhere());
        } catch (Refused refused) {
            throw new Refused("every statement is, because any can use a cast, domain, operator class or type of this"
                    + " database that is not harmless: " + refused.why()
                    + ". An administrator can drop it, or trust the"
                    + " function with TIMESCALE_TRUSTED_OBJECTS");
        }
        if (keep) {
            unnamed.set(new TimedUnnamed(read, time));
        }
        return read;
    }

    private Optional<Unnamed> freshUnnamed() {
        return Optional.ofNullable(unnamed.get())
                .filter(known -> isFresh(known.time()))
                .map(TimedUnnamed::unnamed);
    }

    /** Returns a fresh verdict about these names. */
    private synchronized @Nullable Verdict verdict(SqlNames names) {
        Verdict verdict = verdicts.get(names);
        return verdict != null && isFresh(verdict.time()) ? verdict : null;
    }

    synchronized void keep(SqlNames names, String schemas, @Nullable String refusal, long time) {
        verdicts.put(names, new Verdict(schemas, refusal, time));
    }

    long time() {
        return nanoTime.getAsLong();
    }

    private boolean isFresh(long time) {
        return nanoTime.getAsLong() - time < MAX_AGE.toNanos();
    }
}
