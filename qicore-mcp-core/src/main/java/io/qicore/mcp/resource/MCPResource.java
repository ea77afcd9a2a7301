package io.qicore.mcp.resource;

import io.qicore.mcp.tool.Completer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that clients can read: one resource with a fixed URI, or all those that fit a template.
 *
 * <pre>{@code
 * MCPResource topic = MCPResource.template("kafka://topics/{topic}", "topic")
 *         .description("Partitions, offsets and configuration of a topic")
 *         .mimeType("application/json")
 *         .completer("topic", (typed, others, context) -> namesStartingWith(typed))
 *         .reader((uri, variables, context) -> ResourceResult.text(describe(variables.get("topic"))))
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class MCPResource {

    private final String uri;
    private final @Nullable UriTemplate template;
    private final String name;
    private final @Nullable String title;
    private final @Nullable String description;
    private final @Nullable String mimeType;
    private final ResourceReader reader;
    private final @Nullable ResourceWatcher watcher;
    private final Map<String, Completer> completers;

    private MCPResource(Builder builder, ResourceReader reader) {
        this.uri = builder.uri;
        this.template = builder.template;
        this.name = builder.name;
        this.title = builder.title;
        this.description = builder.description;
        this.mimeType = builder.mimeType;
        this.reader = reader;
        this.watcher = builder.watcher;
        this.completers = Map.copyOf(builder.completers);
    }

    /** A resource with a fixed URI (RFC 3986). */
    public static Builder of(String uri, String name) {
        return new Builder(uri, null, name);
    }

    /**
     * All resources whose URIs fit a template (RFC 6570): {@code {x}} stands for one path segment or a part of it,
     * {@code {+x}} for any number of segments. No URI of more than 4,096 characters fits.
     *
     * @throws IllegalArgumentException if the template uses another kind of expression, or nothing separates two
     */
    public static Builder template(String uriTemplate, String name) {
        return new Builder(uriTemplate, UriTemplate.parse(uriTemplate), name);
    }

    /** The URI, or the template. */
    public String uri() {
        return uri;
    }

    /** Whether {@link #uri()} is a template. */
    public boolean isTemplate() {
        return template != null;
    }

    /** The name for programs. */
    public String name() {
        return name;
    }

    /** The name for people, or null. */
    public @Nullable String title() {
        return title;
    }

    /** What it is, for models and people, or null. */
    public @Nullable String description() {
        return description;
    }

    /** The media type of its contents, or null. */
    public @Nullable String mimeType() {
        return mimeType;
    }

    /** What reads it. */
    public ResourceReader reader() {
        return reader;
    }

    /** What watches it, if it can be watched. */
    public Optional<ResourceWatcher> watcher() {
        return Optional.ofNullable(watcher);
    }

    /** Whether anything offers values for any variable. */
    public boolean hasCompleters() {
        return !completers.isEmpty();
    }

    /** What offers values for a variable of the template, if anything does. */
    public Optional<Completer> completer(String variable) {
        return Optional.ofNullable(completers.get(variable));
    }

    /** The values of the template's variables if a URI is one of these resources; empty values if it is the fixed one. */
    public Optional<Map<String, String>> match(String candidate) {
        if (template != null) {
            return template.match(candidate);
        }
        return candidate.equals(uri) ? Optional.of(Map.of()) : Optional.empty();
    }

    /** Builds an {@link MCPResource}. Not thread-safe. */
    public static final class Builder {

        private final String uri;
        private final @Nullable UriTemplate template;
        private final String name;
        private final Map<String, Completer> completers = new LinkedHashMap<>();
        private @Nullable String title;
        private @Nullable String description;
        private @Nullable String mimeType;
        private @Nullable ResourceReader reader;
        private @Nullable ResourceWatcher watcher;

        private Builder(String uri, @Nullable UriTemplate template, String name) {
            if (name.isBlank() || !uri.matches("[A-Za-z][A-Za-z0-9+.-]*:.+")) {
                throw new IllegalArgumentException(
                        "A resource needs a name and a URI with a scheme, not '" + name + "' and '" + uri + "'.");
            }
            this.uri = uri;
            this.template = template;
            this.name = name;
        }

        /** The name for people. Default: none. */
        public Builder title(String title) {
            this.title = Objects.requireNonNull(title);
            return this;
        }

        /** What it is, for models and people. Default: nothing. */
        public Builder description(String description) {
            this.description = Objects.requireNonNull(description);
            return this;
        }

        /** The media type of its contents. Default: unknown. */
        public Builder mimeType(String mimeType) {
            this.mimeType = Objects.requireNonNull(mimeType);
            return this;
        }

        /** What reads it. Required. */
        public Builder reader(ResourceReader reader) {
            this.reader = Objects.requireNonNull(reader);
            return this;
        }

        /** What watches it for subscribers. Default: it cannot be watched. */
        public Builder watcher(ResourceWatcher watcher) {
            this.watcher = Objects.requireNonNull(watcher);
            return this;
        }

        /**
         * What offers values for a variable of the template.
         *
         * @throws IllegalArgumentException if there is no such variable
         */
        public Builder completer(String variable, Completer completer) {
            if (template == null || !template.variables().contains(variable)) {
                throw new IllegalArgumentException(uri + " has no variable '" + variable + "'.");
            }
            completers.put(variable, completer);
            return this;
        }

        /**
         * The resource.
         *
         * @throws IllegalStateException if the reader is missing
         */
        public MCPResource build() {
            if (reader == null) {
                throw new IllegalStateException("Resource " + uri + " needs a reader.");
            }
            return new MCPResource(this, reader);
        }
    }
}
