package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.source.SourceErrors;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The directory whose files agents may replay. Paths that lead out of it are refused. */
final class ReplayDirectory {

    private final Path directory;

    ReplayDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Returns the real path of a file in the directory or below it.
     *
     * @param path the path that an agent passed, relative to the directory
     * @throws MCPToolError if it leads out of the directory, by {@code ..} or by a symbolic link, or
     *     is not a readable file
     */
    Path resolve(String path) {
        Path relative;
        try {
            relative = Path.of(path).normalize();
        } catch (InvalidPathException e) {
            throw SourceErrors.invalid("path", "is not a path");
        }
        if (relative.isAbsolute() || relative.startsWith("..")) {
            throw outside(path);
        }
        Path real;
        Path root;
        try {
            root = directory.toRealPath();
            real = root.resolve(relative).toRealPath();
        } catch (IOException e) {
            throw notFound(path);
        }
        if (!real.startsWith(root)) {
            throw outside(path);
        }
        if (!Files.isRegularFile(real) || !Files.isReadable(real)) {
            throw notFound(path);
        }
        return real;
    }

    private static MCPToolError outside(String path) {
        return SourceErrors.invalid(
                "path", "must be relative to the replay directory and stay in it, but is '" + path + "'");
    }

    private static MCPToolError notFound(String path) {
        return SourceErrors.invalid("path", "must name a readable file in the replay directory, not '" + path + "'");
    }
}
