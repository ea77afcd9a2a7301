package io.qicore.mcp.internal.engine.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the state of a handler while its client fetches input, so that no replica has to remember it. The client can
 * neither read nor change the state, nor use it for another request, as another caller, or after it has expired. It can
 * send it more than once; what a handler does with it twice is the handler's to decide. Replicas share the keys.
 * Thread-safe.
 */
public final class StateSeal {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String MAC = "HmacSHA256";
    private static final String KEY_LABEL = "qicore-mcp/request-state/1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();
    private final String server;
    private final List<SecretKeySpec> keys;
    private final Duration lifetime;
    private final Clock clock;

    /**
     * @param server the name of the server, since servers may share a key
     * @param stateKeys the first one seals, and all of them open
     * @param lifetime how long a state is valid
     */
    public StateSeal(String server, List<byte[]> stateKeys, Duration lifetime, Clock clock) {
        this.server = server;
        this.keys = stateKeys.stream().map(StateSeal::derived).toList();
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** Returns the key for this purpose, because each use of the state key has its own. */
    private static SecretKeySpec derived(byte[] stateKey) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(stateKey, MAC));
            return new SecretKeySpec(mac.doFinal(utf8(KEY_LABEL)), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has " + MAC, e);
        }
    }

    /**
     * Returns the {@code requestState} of a request.
     *
     * @throws UncheckedIOException if the state could not be read when it comes back, for example because of its depth
     */
    String seal(Request request, @Nullable Object state) {
        ObjectNode content = Json.object()
                .put("r", digest(request))
                .put("e", clock.instant().plus(lifetime).getEpochSecond());
        if (state != null) {
            content.set("s", Json.MAPPER.valueToTree(state));
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, keys.get(0), nonce).doFinal(bytes(content));
            return ENCODER.encodeToString(ByteBuffer.allocate(NONCE_BYTES + encrypted.length)
                    .put(nonce)
                    .put(encrypted)
                    .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has " + CIPHER, e);
        }
    }

    /**
     * Returns the sealed state, or null if the handler gave none.
     *
     * @throws RpcException if the state was not sealed with one of the keys for this request and caller, or has expired
     */
    @Nullable
    JsonNode open(Request request, String sealed) throws RpcException {
        JsonNode content = decrypt(sealed);
        if (content == null) {
            throw invalid("was not made by this server, or by a replica with another key");
        }
        if (!content.path("r").asText().equals(digest(request))) {
            throw invalid("belongs to another request");
        }
        if (content.path("e").asLong() < clock.instant().getEpochSecond()) {
            throw invalid("has expired: send the request again without it");
        }
        return content.get("s");
    }

    private @Nullable JsonNode decrypt(String sealed) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            return null;
        }
        // Several Base64 texts have the same bytes, but only one of them was made here.
        if (bytes.length < NONCE_BYTES + TAG_BITS / 8
                || !ENCODER.encodeToString(bytes).equals(sealed)) {
            return null;
        }
        byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
        for (SecretKeySpec key : keys) {
            try {
                Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
                return Json.read(cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
            } catch (AEADBadTagException e) {
                // Sealed with another key, or changed.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every JVM has " + CIPHER, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return null;
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    /** Returns a digest of the request without its answers, and of its caller. */
    private String digest(Request request) {
        ObjectNode salient = request.params().deepCopy();
        salient.remove("inputResponses");
        salient.remove("requestState");
        salient.remove("_meta");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String principal = request.metadata().principal();
            // A request without a caller differs from one of a caller with any name.
            update(digest, principal == null ? "" : "=" + principal);
            update(digest, server);
            update(digest, request.method());
            update(digest, Json.canonical(salient));
            return ENCODER.encodeToString(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(utf8(text));
        digest.update((byte) 0);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ObjectNode content) {
        try {
            byte[] bytes = Json.MAPPER.writeValueAsBytes(content);
            Json.read(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("The state of the handler cannot be written and read back.", e);
        }
    }

    private static RpcException invalid(String why) {
        return RpcException.invalidParams("requestState " + why + ".");
    }
}
