package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.json.Fingerprint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the files of {@link HttpTls} hold.
 *
 * @param keys has the key of the server with its certificates, under the password {@link #PASSWORD}
 * @param authorities has the authorities of clients' certificates; null if there are none
 * @param certificate the certificate of the server
 * @param fingerprint is different if a file is
 */
record TlsMaterial(KeyStore keys, @Nullable KeyStore authorities, X509Certificate certificate, byte[] fingerprint) {

    /** Of the keystore in memory. */
    static final String PASSWORD = "in-memory";

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final byte[] SAMPLE = "sample".getBytes(StandardCharsets.US_ASCII);

    /** @throws IllegalArgumentException if a file is missing or wrong */
    static TlsMaterial ofPem(Path certificate, Path key, @Nullable Path authorities) {
        byte[] chainBytes = read(certificate);
        byte[] keyBytes = read(key);
        List<X509Certificate> chain = certificates(certificate, chainBytes);
        return of(
                privateKey(key, keyBytes),
                chain,
                "The key in " + key + " does not belong to the first certificate in " + certificate,
                authorities,
                chainBytes,
                keyBytes);
    }

    /** @throws IllegalArgumentException if a file is missing or wrong */
    static TlsMaterial ofKeyStore(Path file, String password, @Nullable Path authorities) {
        byte[] bytes = read(file);
        try {
            // Finds out whether it is PKCS#12 or JKS.
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password.toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.isKeyEntry(alias) ? store.getKey(alias, password.toCharArray()) : null;
                if (key instanceof PrivateKey found) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate one : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) one);
                    }
                    return of(
                            found,
                            chain,
                            "The key '" + alias + "' in " + file + " does not belong to its certificate",
                            authorities,
                            bytes);
                }
            }
            throw new IllegalArgumentException("The keystore " + file + " has no private key.");
        } catch (UnrecoverableKeyException e) {
            throw new IllegalArgumentException(
                    "The password does not open the key in " + file + ": it must be the same as that of the file.", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "The password does not open the keystore " + file + "."
                            : file + " is not a keystore in PKCS#12 or JKS.",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The keystore " + file + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static TlsMaterial of(
            PrivateKey key, List<X509Certificate> chain, String mismatch, @Nullable Path authorities, byte[]... files) {
        if (!fits(key, chain.get(0).getPublicKey())) {
            throw new IllegalArgumentException(mismatch + ". Use the key that the certificate was requested with.");
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] file : files) {
            all.writeBytes(Fingerprint.sha256(file));
        }
        try {
            KeyStore keys = empty();
            keys.setKeyEntry("server", key, PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new));
            KeyStore trusted = null;
            if (authorities != null) {
                byte[] bytes = read(authorities);
                all.writeBytes(Fingerprint.sha256(bytes));
                trusted = empty();
                for (X509Certificate authority : certificates(authorities, bytes)) {
                    trusted.setCertificateEntry("authority-" + trusted.size(), authority);
                }
            }
            return new TlsMaterial(keys, trusted, chain.get(0), Fingerprint.sha256(all.toByteArray()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Every Java runtime can keep keys in memory.", e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("The file " + file + " cannot be read: " + e + ".", e);
        }
    }

    private static List<X509Certificate> certificates(Path file, byte[] pem) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            read.forEach(one -> certificates.add((X509Certificate) one));
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + " has no valid certificate in PEM (BEGIN CERTIFICATE).", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(file + " has no certificate in PEM (BEGIN CERTIFICATE).");
        }
        return certificates;
    }

    private static PrivateKey privateKey(Path file, byte[] pem) {
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        Matcher pkcs8 = PKCS8.matcher(text);
        if (!pkcs8.find()) {
            Matcher other = OTHER_KEY.matcher(text);
            throw new IllegalArgumentException(
                    other.find()
                            ? file + " has a key of the form " + other.group(1)
                                    + ", but unencrypted PKCS#8 is needed. Convert it by: "
                                    + "openssl pkcs8 -topk8 -nocrypt -in " + file
                                    + " -out key.pem. Or use a keystore, which can have a"
                                    + " password."
                            : file + " has no key in PEM (BEGIN PRIVATE KEY).");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pkcs8.group(1));
            for (String algorithm : ALGORITHMS) {
                PrivateKey key = privateKey(algorithm, encoded);
                if (key != null) {
                    return key;
                }
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IllegalArgumentException("The key in " + file + " is damaged.", e);
        }
        throw new IllegalArgumentException(
                "The key in " + file + " is damaged, or neither RSA, elliptic curve nor Ed25519.");
    }

    private static @Nullable PrivateKey privateKey(String algorithm, byte[] encoded) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException e) {
            // A key of another algorithm.
            return null;
        }
    }

    private static boolean fits(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(SAMPLE);
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(SAMPLE);
            return verifying.verify(signature);
        } catch (GeneralSecurityException e) {
            // The certificate has a key of another algorithm.
            return false;
        }
    }

    boolean isSameAs(TlsMaterial other) {
        return Arrays.equals(fingerprint, other.fingerprint);
    }
}
