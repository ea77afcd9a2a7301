package io.qicore.mcp.auth;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a request, as the transport has authenticated it. Two requests have the same caller if the issuer and the
 * subject are equal; scopes, attributes and expiry may differ from request to request.
 *
 * <pre>{@code
 * Caller alice = Caller.of("alice").withScopes(Set.of("read")).withExpiry(token.expiresAt());
 * }</pre>
 *
 * <p>{@link #toString()} shows the subject and the issuer only, so that claims of a token do not get into a log. Immutable and
 * thread-safe, provided that the values of the attributes are.
 *
 * @param subject the stable name of the caller; null only for {@link #ANONYMOUS}
 * @param issuer who vouches for the subject, such as the URL of an authorization server; null if there is only one
 * @param scopes what the credentials allow, such as {@code read}; empty if they do not say
 * @param limits names of what the caller may use, by kind, such as {@link #TOOLS}; a kind that is missing is not limited. They
 *     narrow what the policy of a server allows, and never widen it
 * @param attributes other facts about the caller, such as claims of a token, for handlers and interceptors
 * @param expiresAt when the credentials expire; null if they do not
 */
public record Caller(
        @Nullable String subject,
        @Nullable String issuer,
        Set<String> scopes,
        Map<String, NamePatterns> limits,
        Map<String, Object> attributes,
        @Nullable Instant expiresAt)
        implements Authentication {

    /** The caller of a request without authentication. */
    public static final Caller ANONYMOUS = new Caller(null, null, Set.of(), Map.of(), Map.of(), null);

    /** The kind of limit for the names of tools. */
    public static final String TOOLS = "tools";

    /** The kind of limit for the names of topics, which the servers for Kafka enforce. */
    public static final String TOPICS = "topics";

    /** The kind of limit for the ids of groups, which the servers for Kafka enforce. */
    public static final String GROUPS = "groups";

    /** The kind of limit for the schemas of a database, which the server for TimescaleDB enforces. */
    public static final String SCHEMAS = "schemas";

    /** The kinds of limits that the servers of this project enforce. An application can enforce others itself. */
    public static final Set<String> LIMIT_KINDS = Set.of(TOOLS, TOPICS, GROUPS, SCHEMAS);

    /** Separates the issuer from the subject in {@link #identity()}; neither can contain it. */
    private static final char SEPARATOR = '\t';

    /**
     * Checks the names and copies the scopes and the attributes.
     *
     * @throws IllegalArgumentException if the subject or the issuer is blank or contains control characters, or if a caller
     *     without a subject has anything else
     */
    public Caller {
        requireName("subject", subject);
        requireName("issuer", issuer);
        scopes = Set.copyOf(Objects.requireNonNull(scopes, "scopes"));
        limits = Map.copyOf(Objects.requireNonNull(limits, "limits"));
        attributes = Map.copyOf(Objects.requireNonNull(attributes, "attributes"));
        if (subject == null
                && (issuer != null
                        || !scopes.isEmpty()
                        || !limits.isEmpty()
                        || !attributes.isEmpty()
                        || expiresAt != null)) {
            throw new IllegalArgumentException("A caller without a subject is anonymous and has nothing else.");
        }
    }

    private static void requireName(String what, @Nullable String name) {
        if (name != null && (name.isBlank() || name.chars().anyMatch(Character::isISOControl))) {
            throw new IllegalArgumentException(
                    "The " + what + " of a caller must not be blank or contain control characters.");
        }
    }

    /**
     * Returns a caller with a subject and nothing else.
     *
     * @throws IllegalArgumentException if the subject is blank or contains control characters
     */
    public static Caller of(String subject) {
        return new Caller(Objects.requireNonNull(subject, "subject"), null, Set.of(), Map.of(), Map.of(), null);
    }

    /** Returns a copy with another issuer. */
    public Caller withIssuer(String newIssuer) {
        return new Caller(subject, Objects.requireNonNull(newIssuer, "issuer"), scopes, limits, attributes, expiresAt);
    }

    /** Returns a copy with other scopes. */
    public Caller withScopes(Set<String> newScopes) {
        return new Caller(subject, issuer, newScopes, limits, attributes, expiresAt);
    }

    /**
     * Returns a copy that may use only what is named.
     *
     * @param newLimits names by kind: one of {@link #LIMIT_KINDS}, or one that the application enforces
     */
    public Caller withLimits(Map<String, NamePatterns> newLimits) {
        return new Caller(subject, issuer, scopes, newLimits, attributes, expiresAt);
    }

    /** Returns a copy with other attributes. */
    public Caller withAttributes(Map<String, ?> newAttributes) {
        Objects.requireNonNull(newAttributes, "attributes");
        return new Caller(subject, issuer, scopes, limits, Map.copyOf(newAttributes), expiresAt);
    }

    /** Returns a copy whose credentials expire at the given time. */
    public Caller withExpiry(Instant newExpiresAt) {
        return new Caller(
                subject, issuer, scopes, limits, attributes, Objects.requireNonNull(newExpiresAt, "expiresAt"));
    }

    /** Returns whether the caller may use something of a name, as far as its limits are concerned. */
    public boolean allows(String kind, String name) {
        return limit(kind).match(Objects.requireNonNull(name, "name"));
    }

    /** Returns the names of a kind that the caller may use; {@link NamePatterns#ALL} if the kind is not limited. */
    public NamePatterns limit(String kind) {
        return limits.getOrDefault(Objects.requireNonNull(kind, "kind"), NamePatterns.ALL);
    }

    /** Returns whether the request was not authenticated. */
    public boolean isAnonymous() {
        return subject == null;
    }

    /** Returns whether the credentials have expired at the given time. */
    public boolean isExpired(Instant now) {
        Objects.requireNonNull(now, "now");
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /**
     * Returns the issuer and the subject as one text, which is different for each caller and the same for each request of a
     * caller; null for an anonymous caller. It is stored with what belongs to the caller, such as a task.
     */
    public @Nullable String identity() {
        return issuer == null ? subject : issuer + SEPARATOR + subject;
    }

    /** Returns whether both are the same caller, whatever their scopes, attributes and expiry. Two anonymous callers are. */
    public boolean isSameAs(Caller other) {
        return Objects.equals(identity(), other.identity());
    }

    /** Shows the subject and the issuer only. */
    @Override
    public String toString() {
        return isAnonymous()
                ? "Caller[anonymous]"
                : "Caller[" + subject + (issuer == null ? "]" : " of " + issuer + "]");
    }
}
