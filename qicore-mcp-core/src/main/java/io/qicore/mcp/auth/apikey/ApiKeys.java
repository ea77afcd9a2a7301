package io.qicore.mcp.auth.apikey;

import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.internal.auth.Credentials;
import io.qicore.mcp.internal.json.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates clients by API keys, in {@code Authorization: Bearer KEY} or {@code X-API-Key: KEY}. Several keys can be valid at
 * once, each with rights of its own, so that a key can be replaced without a break.
 *
 * <p>Keys as text are JSON:
 *
 * <pre>{@code
 * {"keys": [
 *   {"name": "dashboard", "sha256": "9f86d0…", "rights": ["read"], "limits": {"tools": ["list_*"]}},
 *   {"name": "on-call", "sha256": "60303a…", "rights": ["read", "write"], "expires": "2027-01-01T00:00:00Z"}
 * ]}
 * }</pre>
 *
 * <p>A key has either {@code sha256} or, as {@code key}, its text. A kind of limit that is left out limits nothing; one with an empty
 * list allows nothing of this kind. Anything else is refused, so that a misspelt limit does not allow
 * more. Keys of the same name are the same {@link Caller}, to whom tasks and sessions belong; give a key that replaces another the same
 * name. All keys are compared for each request, in constant time. Streams of a key that was removed or changed end. Thread-safe.
 */
public final class ApiKeys implements HttpAuthenticator {

    /** How long a change of a file may take to be noticed. */
    public static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);

    /** Leaves a second for reading a file that is being written. */
    private static final Duration LOOK_INTERVAL = RELOAD_INTERVAL.minusSeconds(1);

    private static final int ATTEMPTS = 4;
    private static final Duration ATTEMPT_INTERVAL = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);
    private static final String CHALLENGE = "Bearer realm=\"mcp\"";
    /** What the tools of a server need unless an application has rules of its own. */
    private static final List<String> RIGHTS = List.of("read", "write", "destructive", "admin");

    private static final int MAX_FILE_BYTES = 4 << 20;
    /** A key with its hash and its caller, which is the same object as long as the file has the same key. */
    private record Known(ApiKey key, byte[] sha256, Caller caller) {}

    private final @Nullable Path file;
    private final Duration lookInterval;
    private volatile List<Known> known;

    // Guarded by this.
    private byte[] loaded = {};
    private volatile long lookedAt = System.nanoTime();

    private ApiKeys(@Nullable Path file, Duration lookInterval, List<ApiKey> keys) {
        this.file = file;
        this.lookInterval = lookInterval;
        this.known = checked(keys, List.of());
    }

    /**
     * Returns an authenticator for some keys.
     *
     * @throws IllegalArgumentException if there is no key, or if two have the same text
     */
    public static ApiKeys of(List<ApiKey> keys) {
        return new ApiKeys(null, LOOK_INTERVAL, Objects.requireNonNull(keys, "keys"));
    }

    /**
     * Returns an authenticator for the keys in a text.
     *
     * @throws IllegalArgumentException if the text is not as described above; the message does not contain keys
     */
    public static ApiKeys parse(String json) {
        return new ApiKeys(
                null,
                LOOK_INTERVAL,
                KeyList.read(Objects.requireNonNull(json, "json").getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Returns an authenticator for the keys in a file. The file is read again when it has changed, within
     * {@link #RELOAD_INTERVAL}. If it is wrong then, or cannot be read, an error is logged and no key is accepted until it is
     * mended, since the change may have been to withdraw a key. A file that is being written is given a moment.
     *
     * @throws IllegalArgumentException if the file is not as described above; the message does not contain keys
     * @throws UncheckedIOException if the file cannot be read
     */
    public static ApiKeys fromFile(Path file) {
        return fromFile(file, LOOK_INTERVAL);
    }

    static ApiKeys fromFile(Path file, Duration lookInterval) {
        try {
            byte[] content = content(Objects.requireNonNull(file, "file"));
            ApiKeys keys = new ApiKeys(file, lookInterval, KeyList.read(content));
            keys.loaded = Fingerprint.sha256(content);
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException("The API keys cannot be read from " + file + ": " + reason(e), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] content(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(Files.exists(file) ? "It is not a regular file." : "It does not exist.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                throw new IOException("It is larger than " + MAX_FILE_BYTES + " bytes.");
            }
            return content;
        }
    }

    /** Returns the keys with their callers; those that were known before keep theirs, so that their streams go on. */
    private static List<Known> checked(List<ApiKey> keys, List<Known> before) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no API key. Make one with --new-key of the serve program, or with ApiKey.random().");
        }
        Map<String, String> names = new HashMap<>();
        List<Known> known = new ArrayList<>();
        for (ApiKey key : keys) {
            if (Collections.disjoint(key.rights(), RIGHTS)) {
                log.warn(
                        "The API key {} has the rights {}, but the tools need one of {}",
                        key.name(),
                        key.rights(),
                        RIGHTS);
            }
            String other = names.putIfAbsent(key.sha256(), key.name());
            if (other != null) {
                throw new IllegalArgumentException("The API keys " + other + " and " + key.name()
                        + " have the same text. Give each one of its own.");
            }
            known.add(before.stream()
                    .filter(old -> old.key().equals(key))
                    .findFirst()
                    .orElseGet(() -> new Known(key, HexFormat.of().parseHex(key.sha256()), key.caller())));
        }
        return List.copyOf(known);
    }

    @Override
    public CompletionStage<Authentication> authenticate(RequestHead request) {
        return CompletableFuture.completedFuture(decide(request));
    }

    private Authentication decide(RequestHead request) {
        lookAtFile();
        String text = Credentials.single(request, true);
        if (text == null) {
            return Denial.unauthenticated(
                    "Send one API key, as Authorization: Bearer KEY or X-API-Key: KEY.", CHALLENGE);
        }
        byte[] sha256 = Fingerprint.sha256(text.getBytes(StandardCharsets.UTF_8));
        Caller caller = null;
        for (Known key : known) {
            // Goes on after a match, so that the time does not tell which key it was.
            if (MessageDigest.isEqual(key.sha256(), sha256)) {
                caller = key.caller();
            }
        }
        return caller == null
                ? Denial.unauthenticated("The API key is not known.", CHALLENGE + ", error=\"invalid_token\"")
                : caller;
    }

    /** Returns whether the key of a caller is still there, unchanged. */
    @Override
    public boolean stillAccepts(Caller caller) {
        Objects.requireNonNull(caller, "caller");
        lookAtFile();
        return known.stream().anyMatch(key -> key.caller() == caller);
    }

    private void lookAtFile() {
        if (file != null && System.nanoTime() - lookedAt > lookInterval.toNanos()) {
            reload(file);
        }
    }

    private synchronized void reload(Path path) {
        if (System.nanoTime() - lookedAt <= lookInterval.toNanos()) {
            return;
        }
        try {
            for (int attempt = 1; !reloaded(path, attempt == ATTEMPTS); attempt++) {
                Thread.sleep(ATTEMPT_INTERVAL.toMillis());
            }
        } catch (InterruptedException e) {
            known = List.of();
            loaded = new byte[0];
            Thread.currentThread().interrupt();
        } finally {
            lookedAt = System.nanoTime();
        }
    }

    /** Reads the file. Returns false if it is wrong; the last attempt accepts no key then. */
    private boolean reloaded(Path path, boolean last) {
        try {
            // Times of files are too coarse to show every change, and the files are small.
            byte[] content = content(path);
            byte[] hash = Fingerprint.sha256(content);
            if (!Arrays.equals(hash, loaded)) {
                known = checked(KeyList.read(content), known);
                loaded = hash;
                log.info("The API keys in {} have changed: {} are valid", path, known.size());
            }
            return true;
        } catch (IOException e) {
            return last && refusesAll(path, reason(e));
        } catch (RuntimeException e) {
            return last && refusesAll(path, e.getMessage());
        }
    }

    private boolean refusesAll(Path path, String reason) {
        known = List.of();
        loaded = new byte[0];
        log.error("No API key is accepted until {} is mended: {}", path, reason);
        return true;
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "The user of this process may not read it.";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    @Override
    public String toString() {
        return "ApiKeys[" + known.size() + (file == null ? "]" : " in " + file + "]");
    }
}
