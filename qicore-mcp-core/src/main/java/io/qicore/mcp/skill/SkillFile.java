package io.qicore.mcp.skill;

import io.qicore.mcp.internal.json.Fingerprint;
import io.qicore.mcp.tool.ResourceContents;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One file of an {@link MCPSkill}. Immutable and thread-safe. */
public final class SkillFile {

    private static final Map<String, String> MEDIA_TYPES = Map.ofEntries(
            Map.entry("md", "text/markdown"),
            Map.entry("txt", "text/plain"),
            Map.entry("csv", "text/csv"),
            Map.entry("html", "text/html"),
            Map.entry("json", "application/json"),
            Map.entry("yaml", "application/yaml"),
            Map.entry("yml", "application/yaml"),
            Map.entry("xml", "application/xml"),
            Map.entry("sql", "application/sql"),
            Map.entry("sh", "application/x-sh"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("pdf", "application/pdf"));

    private final String path;
    private final String uri;
    private final byte[] content;
    private final Optional<String> text;
    private final String mimeType;
    private final String digest;

    /**
     * @param path the path in the folder of the skill, with {@code /} between its segments
     * @param root the URI of the folder of the skill
     */
    SkillFile(String path, String root, byte[] content) {
        this.path = checked(path);
        this.uri = root + "/"
                + Arrays.stream(path.split("/")).map(SkillFile::encoded).collect(Collectors.joining("/"));
        this.content = content.clone();
        this.text = decoded(content);
        this.mimeType = MEDIA_TYPES.getOrDefault(
                path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT),
                text.isPresent() ? "text/plain" : "application/octet-stream");
        this.digest = "sha256:" + HexFormat.of().formatHex(Fingerprint.sha256(content));
    }

    /** Returns the path in the folder of the skill, such as {@code references/states.md}. */
    public String path() {
        return path;
    }

    /** Returns the URI by which clients read the file. */
    public String uri() {
        return uri;
    }

    /** Returns the media type, which follows from the extension of the file name. */
    public String mimeType() {
        return mimeType;
    }

    /** Returns the size in bytes. */
    public int size() {
        return content.length;
    }

    /** Returns {@code sha256:} and the SHA-256 hash of the bytes in lower-case hexadecimal digits. */
    public String digest() {
        return digest;
    }

    /** Returns the bytes as a new array. */
    public byte[] bytes() {
        return content.clone();
    }

    /** Returns the contents as clients read them: a text if the bytes are UTF-8, otherwise a blob. */
    public ResourceContents contents() {
        return text.<ResourceContents>map(characters -> new ResourceContents.Text(uri, mimeType, characters))
                .orElseGet(() -> new ResourceContents.Blob(uri, mimeType, bytes()));
    }

    @Override
    public String toString() {
        return uri;
    }

    private static String checked(String path) {
        for (String segment : path.split("/", -1)) {
            boolean relative = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (relative || segment.contains("\\") || segment.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("'" + path + "' is not a path in the folder of a skill. Use names"
                        + " separated by /, such as references/states.md.");
            }
        }
        return path;
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static Optional<String> decoded(byte[] content) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }
}
