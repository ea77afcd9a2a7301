package io.qicore.mcp.internal.auth;

import io.qicore.mcp.auth.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The credentials of a request. They are read from headers only: URLs get into logs. */
public final class Credentials {

    /** The header for an API key of clients that cannot set {@code Authorization}. */
    public static final String API_KEY = "X-API-Key";

    private static final String AUTHORIZATION = "Authorization";
    /** The scheme is case-insensitive (RFC 9110). */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([!-~]+)");

    private static final Pattern KEY = Pattern.compile("[!-~]+");
    /** Longer than tokens with many claims, and short enough to hash for nothing. */
    private static final int MAX_LENGTH = 16 << 10;

    private Credentials() {}

    /**
     * Returns the only credential of a request; null if there is none, more than one, or one that is malformed. With more than
     * one, a proxy may have checked another than this server would.
     *
     * @param apiKeyHeader whether {@link #API_KEY} counts, too
     */
    public static @Nullable String single(RequestHead request, boolean apiKeyHeader) {
        List<String> found = new ArrayList<>(1);
        for (String value : request.headers(AUTHORIZATION)) {
            Matcher bearer = BEARER.matcher(value.strip());
            found.add(bearer.matches() ? bearer.group(1) : "");
        }
        if (apiKeyHeader) {
            for (String value : request.headers(API_KEY)) {
                found.add(KEY.matcher(value.strip()).matches() ? value.strip() : "");
            }
        }
        String only = found.size() == 1 ? found.get(0) : "";
        return only.isEmpty() || only.length() > MAX_LENGTH ? null : only;
    }

    /** Returns whether a request has credentials of any form. */
    public static boolean present(RequestHead request) {
        return !request.headers(AUTHORIZATION).isEmpty();
    }
}
