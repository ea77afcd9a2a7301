package io.qicore.mcp.auth.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.internal.json.Fingerprint;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies access tokens that are JWTs (RFC 9068, and what common authorization servers issue). Keeps the callers of verified tokens for
 * a minute. Thread-safe.
 */
final class AccessTokens {

    private static final Logger log = LoggerFactory.getLogger(AccessTokens.class);

    /** A signed JWT as RFC 7515 writes it. The library also reads other forms of Base64, so that one token had many texts. */
    private static final Pattern SIGNED = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private static final Duration KEPT = Duration.ofMinutes(1);
    /** The size of the kept tokens together, which also bounds what their claims take up. */
    private static final long MAX_KEPT_CHARS = 4 << 20;

    private static final long KEYS_TTL_MS = Duration.ofMinutes(5).toMillis();
    /** How long a request waits while another one fetches keys. Short, for each holds a thread. */
    private static final long KEYS_WAIT_MS = Duration.ofSeconds(2).toMillis();

    private static final long OUTAGE_MS = Duration.ofHours(4).toMillis();

    /** Why a token is not accepted. */
    enum Fault {
        /** Its signature, issuer, audience or times are wrong, or it is no token at all. */
        INVALID,
        /** The keys of the authorization server cannot be fetched. */
        NO_KEYS
    }

    /**
     * The outcome of a verification: either a caller or a fault.
     *
     * @param caller who has the token
     * @param fault why the token is not accepted
     */
    record Verdict(@Nullable Caller caller, @Nullable Fault fault) {}

    private record Kept(Caller caller, long until) {}

    private final String issuer;
    private final int skewSeconds;
    private final Map<String, String> limitClaims;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final AtomicLong keptChars = new AtomicLong();
    private final LogLimit noKeys = new LogLimit(1);

    /**
     * @param issuer value of the claim {@code iss}
     * @param audiences values of which the claim {@code aud} needs one
     * @param algorithms names of signature algorithms
     * @param keys the URL of the JWK set; null to find it through the metadata of the issuer
     * @param keysInterval the shortest time between two requests for the set
     * @param skew how much the clocks may differ
     * @param limitClaims names of claims with the limits of a caller, by kind
     */
    AccessTokens(
            URI issuer,
            Set<String> audiences,
            Set<String> algorithms,
            @Nullable URI keys,
            Duration keysInterval,
            Duration skew,
            Map<String, String> limitClaims) {
        Fetcher.requireSafe("issuer", issuer);
        if (keys != null) {
            Fetcher.requireSafe("jwksUrl", keys);
        }
        this.issuer = issuer.toString();
        this.skewSeconds = (int) skew.toSeconds();
        this.limitClaims = Map.copyOf(limitClaims);
        JWKSource<SecurityContext> source = JWKSourceBuilder.create(
                        url(issuer), new KeyDocument(issuer, keys, keysInterval))
                .cache(KEYS_TTL_MS, KEYS_WAIT_MS)
                .refreshAheadCache(false)
                .rateLimited(false)
                .outageTolerant(OUTAGE_MS)
                .build();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), JOSEObjectType.JWT, null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                algorithms.stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()), source));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                audiences,
                new JWTClaimsSet.Builder().issuer(this.issuer).build(),
                Set.of("sub", "exp", "aud"),
                Set.of());
        claims.setMaxClockSkew(skewSeconds);
        processor.setJWTClaimsSetVerifier(claims);
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("issuer must be a URL, not " + uri + ".", e);
        }
    }

    /** Verifies a token. May fetch keys, and blocks until they are there. */
    Verdict verify(String token) {
        String hash = HexFormat.of().formatHex(Fingerprint.sha256(token.getBytes(StandardCharsets.UTF_8)));
        Kept known = kept.get(hash);
        if (known != null && System.nanoTime() - known.until < 0) {
            return new Verdict(known.caller, null);
        }
        if (!SIGNED.matcher(token).matches()) {
            log.debug("A token is not accepted: It is not a signed JWT.");
            return new Verdict(null, Fault.INVALID);
        }
        try {
            Caller caller = caller(processor.process(token, null));
            keep(hash, token, caller);
            return new Verdict(caller, null);
        } catch (KeySourceException e) {
            if (noKeys.allows()) {
                log.warn("The keys of {} cannot be fetched", issuer, LogText.of(e));
            }
            return new Verdict(null, Fault.NO_KEYS);
        } catch (BadJOSEException e) {
            // The message names the fault, such as another audience, and never the signature.
            log.debug("A token is not accepted: {}", LogText.of(e.getMessage()));
            return new Verdict(null, Fault.INVALID);
        } catch (ParseException | JOSEException | RuntimeException e) {
            // The message could quote the token.
            log.debug("A token is not accepted: {}", e.getClass().getSimpleName());
            return new Verdict(null, Fault.INVALID);
        }
    }

    private void keep(String hash, String token, Caller caller) {
        if (keptChars.addAndGet(token.length()) > MAX_KEPT_CHARS) {
            kept.clear();
            keptChars.set(token.length());
        }
        kept.put(hash, new Kept(caller, System.nanoTime() + KEPT.toNanos()));
    }

    private Caller caller(JWTClaimsSet claims) throws ParseException {
        Map<String, Object> attributes = new HashMap<>(claims.getClaims());
        attributes.values().removeIf(Objects::isNull);
        Map<String, NamePatterns> limits = new HashMap<>();
        limitClaims.forEach((kind, claim) -> {
            // A token without the claim says of nothing that it is allowed.
            limits.put(kind, patterns(kind, words(claims.getClaim(claim))));
        });
        Set<String> scopes = new HashSet<>(words(claims.getClaim("scope")));
        // As Microsoft Entra and Okta name it.
        scopes.addAll(words(claims.getClaim("scp")));
        Date expiry = claims.getExpirationTime();
        return Caller.of(claims.getSubject())
                .withIssuer(issuer)
                .withScopes(scopes)
                .withLimits(limits)
                .withAttributes(attributes)
                .withExpiry(Instant.ofEpochMilli(expiry.getTime()).plusSeconds(skewSeconds));
    }

    private static NamePatterns patterns(String kind, Set<String> names) {
        return names.isEmpty() ? NamePatterns.NONE : NamePatterns.of(kind, List.copyOf(names));
    }

    /** Returns the words of a claim that is a text with blanks between them, or a list of texts; none if it has another form. */
    private static Set<String> words(@Nullable Object claim) {
        if (claim instanceof String text) {
            return text.isBlank()
                    ? Set.of()
                    : new HashSet<>(Arrays.asList(text.strip().split(" +")));
        }
        if (claim instanceof List<?> list) {
            return list.stream().allMatch(String.class::isInstance)
                    ? list.stream().map(String.class::cast).collect(Collectors.toSet())
                    : Set.of();
        }
        return Set.of();
    }
}
