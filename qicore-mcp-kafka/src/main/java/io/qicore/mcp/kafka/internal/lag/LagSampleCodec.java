package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes samples as short signed texts that clients keep and pass to a later call, and reads them. Immutable and
 * thread-safe.
 */
public final class LagSampleCodec {

    private static final byte VERSION = 1;
    private static final String ALGORITHM = "HmacSHA256";
    private static final String KEY_LABEL = "qicore-mcp-kafka/lag-sample/1";
    private static final int RANDOM_KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 12;
    private static final int MAX_TEXT = 8 * 1024;
    private static final int MAX_BODY = 20 + LagSample.MAX_MOMENTS * 10 + LagSample.MAX_POINTS * 24 + 64;

    /** The first one signs, all verify. Cloned for each signature, because looking up a Mac costs as much as the rest. */
    private final List<Mac> prototypes;

    /**
     * Creates a codec whose keys are derived from the state keys of a server, so that replicas with the same state keys
     * accept each other's samples.
     *
     * @param stateKey the state key; if empty, the key is random and no other server accepts the samples
     * @param accepted further state keys, whose samples are read
     */
    public static LagSampleCodec withStateKeys(Optional<byte[]> stateKey, List<byte[]> accepted) {
        List<byte[]> keys = new ArrayList<>();
        keys.add(derived(stateKey.orElseGet(LagSampleCodec::randomKey)));
        accepted.forEach(key -> keys.add(derived(key)));
        return new LagSampleCodec(keys);
    }

    LagSampleCodec(List<byte[]> keys) {
        prototypes = keys.stream().map(LagSampleCodec::mac).toList();
    }

    /** Returns the key for this purpose, because each use of the state key has its own. */
    private static byte[] derived(byte[] stateKey) {
        return mac(stateKey).doFinal(KEY_LABEL.getBytes(StandardCharsets.UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has " + ALGORITHM + ".", e);
        }
    }

    private static byte[] randomKey() {
        byte[] key = new byte[RANDOM_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** Returns the sample as URL-safe text. */
    String write(LagSample sample) {
        ByteBuffer body = ByteBuffer.allocate(MAX_BODY).put(VERSION).putInt(sample.scope());
        putNumber(body, sample.timesMs().size());
        long before = 0;
        for (long time : sample.timesMs()) {
            putNumber(body, Math.max(0, time - before));
            before = time;
        }
        putNumber(body, sample.series().size());
        sample.series().forEach((hash, points) -> {
            body.putInt(hash);
            points.forEach(point -> {
                putNumber(body, point.known() ? point.committed() + 1 : 0);
                if (point.known()) {
                    putNumber(body, point.lag());
                }
            });
        });
        byte[] bytes = Arrays.copyOf(body.array(), body.position());
        byte[] signed = Arrays.copyOf(bytes, bytes.length + SIGNATURE_BYTES);
        System.arraycopy(signature(prototypes.get(0), bytes), 0, signed, bytes.length, SIGNATURE_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    }

    /** Returns the sample in a text, or empty unless the text is signed with one of the keys. */
    Optional<LagSample> read(String text) {
        if (text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        try {
            byte[] signed = Base64.getUrlDecoder().decode(text.strip());
            int length = signed.length - SIGNATURE_BYTES;
            if (length <= 0) {
                return Optional.empty();
            }
            byte[] bytes = Arrays.copyOf(signed, length);
            byte[] signature = Arrays.copyOfRange(signed, length, signed.length);
            return prototypes.stream().anyMatch(key -> MessageDigest.isEqual(signature, signature(key, bytes)))
                    ? Optional.of(sample(ByteBuffer.wrap(bytes)))
                    : Optional.empty();
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            // The text is not base64, or an older version of this class signed another format.
            return Optional.empty();
        }
    }

    private static LagSample sample(ByteBuffer body) {
        if (body.get() != VERSION) {
            throw new IllegalArgumentException("Unknown version");
        }
        int scope = body.getInt();
        int moments = (int) number(body);
        List<Long> times = new ArrayList<>(moments);
        long time = 0;
        for (int i = 0; i < moments; i++) {
            time += number(body);
            times.add(time);
        }
        int count = (int) number(body);
        Map<Integer, List<Point>> series = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int hash = body.getInt();
            List<Point> points = new ArrayList<>(moments);
            for (int j = 0; j < moments; j++) {
                long committed = number(body);
                points.add(committed == 0 ? Point.UNKNOWN : Point.of(committed - 1, number(body)));
            }
            series.put(hash, points);
        }
        return new LagSample(scope, times, series);
    }

    private static byte[] signature(Mac prototype, byte[] bytes) {
        try {
            Mac mac = (Mac) prototype.clone();
            return Arrays.copyOf(mac.doFinal(bytes), SIGNATURE_BYTES);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("This JVM's " + ALGORITHM + " cannot be cloned.", e);
        }
    }

    /** Writes a number with seven bits in each byte, least significant first. */
    private static void putNumber(ByteBuffer buffer, long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            buffer.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    private static long number(ByteBuffer buffer) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = buffer.get();
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("Number too long");
    }
}
