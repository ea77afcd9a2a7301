package io.qicore.mcp.kafka.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/** The header of HTTP Basic authentication (RFC 7617). */
public final class BasicAuthorization {

    private BasicAuthorization() {}

    /**
     * Returns the value of {@code Authorization}.
     *
     * @param service what the user is one of, for the message
     * @throws IllegalArgumentException if the user has a colon, which would begin the password
     */
    public static String of(String service, String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("The user of " + service + " cannot have a colon.");
        }
        String credentials = user + ":" + Objects.requireNonNull(password, "password");
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }
}
