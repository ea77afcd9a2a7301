package io.qicore.mcp.conformance;

import java.util.Base64;

/** The smallest files of their kinds. */
final class Samples {

    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final String WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

    private Samples() {}

    /** A picture of one pixel. */
    static byte[] png() {
        return Base64.getDecoder().decode(PNG);
    }

    /** A sound of no length. */
    static byte[] wav() {
        return Base64.getDecoder().decode(WAV);
    }
}
