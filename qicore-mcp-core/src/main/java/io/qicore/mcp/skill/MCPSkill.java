package io.qicore.mcp.skill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.ResourceContents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A skill: a folder with a {@code SKILL.md}, which tells an agent how to do a task with the tools of the server, and with
 * the files that it refers to. Clients with the skills extension find it by {@code skills/list}; all others read its
 * {@code SKILL.md} as a resource.
 *
 * <pre>{@code
 * // in the jar: skills/kafka/reset-consumer-group/SKILL.md
 * ---
 * name: reset-consumer-group
 * description: Moves a consumer group to other offsets safely. Use it to skip or repeat records.
 * metadata:
 *   required-tools: reset_consumer_offset
 * ---
 * # Reset a consumer group
 * 1. Stop the consumers of the group ...
 *
 * // in the server
 * @Override
 * public List<MCPSkill> skills() {
 *     return List.of(MCPSkill.fromClasspath(MyServer.class, "kafka/reset-consumer-group"));
 * }
 * }</pre>
 *
 * <p>The path of a skill is one or more names separated by {@code /}. The last one is the name in the frontmatter. The
 * URI of the skill is {@code skill://}, its path and {@code /SKILL.md}.
 *
 * <p>Immutable and thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/seps/2640-skills-extension">SEP-2640, the skills extension</a>
 * @see <a href="https://agentskills.io/specification">Agent Skills</a>
 */
public final class MCPSkill {

    /** The file that every skill has. */
    public static final String MANIFEST = "SKILL.md";

    /** The largest number of files of a skill, which is what every client must accept. */
    public static final int MAX_FILES = 512;

    /** The largest size of all files of a skill together, in bytes, which is what every client must accept: 16 MiB. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final String REQUIRED_TOOLS = "required-tools";
    private static final String CLASSPATH_FOLDER = "/skills/";
    private static final Pattern PATH = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");

    private final String directoryUri;
    private final ObjectNode frontmatter;
    private final List<SkillFile> files;

    private MCPSkill(String path, Map<String, byte[]> files) {
        requirePath(path);
        this.directoryUri = "skill://" + path;
        this.files = new TreeMap<>(files)
                .entrySet().stream()
                        .map(file -> new SkillFile(file.getKey(), directoryUri, file.getValue()))
                        .toList();
        if (this.files.size() > MAX_FILES) {
            throw new IllegalArgumentException(
                    "The skill " + path + " has " + this.files.size() + " files, more than " + MAX_FILES + ".");
        }
        long bytes = this.files.stream().mapToLong(SkillFile::size).sum();
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "The files of the skill " + path + " have " + bytes + " bytes, more than " + MAX_BYTES + ".");
        }
        for (String file : files.keySet()) {
            if (files.keySet().stream().anyMatch(other -> other.startsWith(file + "/"))) {
                throw new IllegalArgumentException(
                        "The skill " + path + " has " + file + " as a file and as a folder.");
            }
        }
        this.frontmatter = Frontmatter.of(manifest(path), path + "/" + MANIFEST);
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (!last.equals(name())) {
            throw new IllegalArgumentException(
                    path + "/" + MANIFEST + " has the name '" + name() + "', but its folder is '" + last + "'.");
        }
    }

    private static void requirePath(String path) {
        if (!PATH.matcher(Objects.requireNonNull(path, "path")).matches()) {
            throw new IllegalArgumentException(
                    "'" + path + "' is not the path of a skill. Use lower-case names separated"
                            + " by /, such as kafka/reset-consumer-group.");
        }
    }

    private String manifest(String path) {
        return files.stream()
                .filter(file -> file.path().equals(MANIFEST))
                .findFirst()
                .map(file -> file.contents() instanceof ResourceContents.Text text ? text.text() : "")
                .orElseThrow(() -> new IllegalArgumentException("The skill " + path + " has no " + MANIFEST + "."));
    }

    /**
     * Makes a skill from the contents of its files.
     *
     * @param path the path of the skill, such as {@code kafka/reset-consumer-group}
     * @param files the contents of the files by their paths in the folder of the skill; copied
     * @throws IllegalArgumentException if the path or a file path is not valid; if {@code SKILL.md} is missing, does not
     *     begin with YAML frontmatter, or has another name than the last part of the path; if a file is a
     *     folder, too; if the frontmatter breaks a rule of the Agent Skills specification; or if the files exceed {@link #MAX_FILES} or {@link #MAX_BYTES}
     */
    public static MCPSkill of(String path, Map<String, byte[]> files) {
        return new MCPSkill(path, Objects.requireNonNull(files, "files"));
    }

    /**
     * Makes a skill from files on the class path, in the folder {@code /skills/} and the path of the skill.
     *
     * @param owner a class whose class loader, or module, has the files
     * @param path the path of the skill, such as {@code kafka/reset-consumer-group}
     * @param furtherFiles the files besides {@code SKILL.md}, by their paths in the folder of the skill; a class path
     *     cannot be listed
     * @throws IllegalArgumentException if a file does not exist, or as {@link #of} does
     * @throws UncheckedIOException if a file cannot be read
     */
    public static MCPSkill fromClasspath(Class<?> owner, String path, String... furtherFiles) {
        Objects.requireNonNull(owner, "owner");
        requirePath(path);
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String file :
                Stream.concat(Stream.of(MANIFEST), Stream.of(furtherFiles)).toList()) {
            String resource = CLASSPATH_FOLDER + path + "/" + file;
            try (InputStream in = owner.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalArgumentException(
                            "The class path of " + owner.getName() + " has no " + resource.substring(1) + ".");
                }
                files.put(file, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + resource.substring(1), e);
            }
        }
        return new MCPSkill(path, files);
    }

    /**
     * Makes a skill from all files of a folder. Symbolic links are ignored, since they could lead out of the folder.
     *
     * @param path the path of the skill, such as {@code kafka/reset-consumer-group}
     * @param folder contains {@code SKILL.md}; read once, now
     * @throws IllegalArgumentException as {@link #of} does
     * @throws UncheckedIOException if the folder or a file cannot be read
     */
    public static MCPSkill fromDirectory(String path, Path folder) {
        requirePath(path);
        Objects.requireNonNull(folder, "folder");
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            long bytes = 0;
            for (Path file : (Iterable<Path>) found::iterator) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                bytes += Files.size(file);
                if (bytes > MAX_BYTES || files.size() == MAX_FILES) {
                    throw new IllegalArgumentException("The folder " + folder + " has more than " + MAX_FILES
                            + " files or " + MAX_BYTES + " bytes, the limits of a skill.");
                }
                String name = folder.relativize(file).toString();
                files.put(name.replace(folder.getFileSystem().getSeparator(), "/"), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the skill in " + folder, e);
        }
        return new MCPSkill(path, files);
    }

    /** Returns the URI of {@code SKILL.md}, which identifies the skill. */
    public String uri() {
        return directoryUri + "/" + MANIFEST;
    }

    /** Returns the URI of the folder of the skill, without a slash at its end. */
    public String directoryUri() {
        return directoryUri;
    }

    /** Returns the name, from the frontmatter. */
    public String name() {
        return frontmatter.get("name").textValue();
    }

    /** Returns what the skill does and when to use it, from the frontmatter. */
    public String description() {
        return frontmatter.get("description").textValue();
    }

    /**
     * Returns the tools without which the skill is of no use: the names in {@code metadata.required-tools} of the
     * frontmatter, separated by spaces. A server offers the skill only if it offers all of them.
     */
    public Set<String> requiredTools() {
        String names =
                frontmatter.path("metadata").path(REQUIRED_TOOLS).asText().strip();
        return names.isEmpty() ? Set.of() : Set.of(names.split("\\s+"));
    }

    /** Returns a copy of the YAML frontmatter of {@code SKILL.md} as JSON. */
    public ObjectNode frontmatter() {
        return frontmatter.deepCopy();
    }

    /** Returns all files, with {@code SKILL.md}, sorted by path. */
    public List<SkillFile> files() {
        return files;
    }

    @Override
    public String toString() {
        return uri();
    }
}
