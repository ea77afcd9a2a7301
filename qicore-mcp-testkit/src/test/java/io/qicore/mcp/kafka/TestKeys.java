package io.qicore.mcp.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A key pair for each side of a TLS connection, which trust each other; made with the keytool of the running JDK. */
record TestKeys(Path folder) {

    static final String PASSWORD = "test-password";

    static TestKeys create(Path folder) throws Exception {
        var keys = new TestKeys(folder);
        for (String side : List.of("server", "client")) {
            keys.keytool(
                    "-genkeypair",
                    "-alias",
                    side,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + side,
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-keystore",
                    keys.path(side + ".p12"));
            keys.keytool(
                    "-exportcert",
                    "-alias",
                    side,
                    "-file",
                    keys.path(side + ".crt"),
                    "-keystore",
                    keys.path(side + ".p12"));
        }
        keys.trust("server", "client");
        keys.trust("client", "server");
        return keys;
    }

    /** Kafka's settings for one side, with {@code ssl.} names. */
    Map<String, String> settings(String side) {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                path(side + ".p12"),
                "ssl.keystore.password",
                PASSWORD,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                path(side + "-trusts.p12"),
                "ssl.truststore.password",
                PASSWORD);
    }

    private void trust(String side, String other) throws Exception {
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                other,
                "-file",
                path(other + ".crt"),
                "-keystore",
                path(side + "-trusts.p12"));
    }

    private String path(String file) {
        return folder.resolve(file).toString();
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool " + arguments[0] + " failed: " + output);
        }
    }
}
