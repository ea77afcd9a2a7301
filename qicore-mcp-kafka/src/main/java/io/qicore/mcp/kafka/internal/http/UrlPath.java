package io.qicore.mcp.kafka.internal.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Writes names into the paths of URLs. */
public final class UrlPath {

    private UrlPath() {}

    /** Encodes a part of a path. A part of dots only would lead to another path. */
    public static String encoded(String part) {
        if (part.matches("\\.*")) {
            return "%2E".repeat(part.length());
        }
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
