package io.qicore.mcp.resource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource that clients can read: one with a fixed URI, or all resources whose URIs match a template.
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

    /**
     * Returns a builder for a resource with a fixed URI.
     *
     * @param uri an absolute URI (RFC 3986)
     * @param name the name for programs
     * @throws IllegalArgumentException if the URI has no scheme or the name is blank
     */
    public static Builder of(String uri, String name) {
        return new Builder(uri, null, name);
    }

    /**
     * Returns a builder for all resources whose URIs match a template (RFC 6570). {@code {x}} matches one path segment
     * or a part of one, {@code {+x}} matches any number of segments. A URI longer than 4,096 characters never matches.
     *
     * @param uriTemplate the template, which starts with a URI scheme
     * @param name the name for programs
     * @throws IllegalArgumentException if the template has no scheme or no variable, uses any other kind of expression,
     *     or has no text between two variables; or if the name is blank
     */
    public static Builder template(String uriTemplate, String name) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uriTemplate, "uriTemplate");
        return new Builder(uriTemplate, UriTemplate.parse(uriTemplate), name);
    }

    /** Returns the URI, or the URI template. */
    public String uri() {
        return uri;
    }

    /** Returns whether {@link #uri()} is a template. */
    public boolean isTemplate() {
        return template != null;
    }

    /** Returns the name for programs. */
    public String name() {
        return name;
    }

    /** Returns the name for people, or null. */
    public @Nullable String title() {
        return title;
    }

    /** Returns the description for models and people, or null. */
    public @Nullable String description() {
        return description;
    }

    /** Returns the media type of the contents, or null if it is unknown. */
    public @Nullable String mimeType() {
        return mimeType;
    }

    /** Returns the reader. */
    public ResourceReader reader() {
        return reader;
    }

    /** Returns the watcher, or empty if the resource cannot be watched. */
    public Optional<ResourceWatcher> watcher() {
        return Optional.ofNullable(watcher);
    }

    /** Returns whether any variable has a completer. */
    public boolean hasCompleters() {
        return !completers.isEmpty();
    }

    /** Returns the completer of a variable of the template, or empty if it has none. */
    public Optional<Completer> completer(String variable) {
        Objects.requireNonNull(variable, "variable");
        return Optional.ofNullable(completers.get(variable));
    }

    /**
     * Matches a URI against this resource.
     *
     * @return the values of the template's variables, which is an empty map for a resource with a fixed URI; empty if
     *     the URI does not match
     */
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
                throw new IllegalArgumentException("A resource needs a name and a URI with a scheme, but its name is '"
                        + name + "' and its URI '" + uri + "'.");
            }
            this.uri = uri;
            this.template = template;
            this.name = name;
        }

        /** Sets the name for people. Default: none. */
        public Builder title(String title) {
            this.title = Objects.requireNonNull(title, "title");
            return this;
        }

        /** Sets the description for models and people. Default: none. */
        public Builder description(String description) {
            this.description = Objects.requireNonNull(description, "description");
            return this;
        }

        /** Sets the media type of the contents. Default: unknown. */
        public Builder mimeType(String mimeType) {
            this.mimeType = Objects.requireNonNull(mimeType, "mimeType");
            return this;
        }

        /** Sets the reader. Required. */
        public Builder reader(ResourceReader reader) {
            this.reader = Objects.requireNonNull(reader, "reader");
            return this;
        }

        /** Sets the watcher, which reports changes to subscribers. Default: none, so the resource cannot be watched. */
        public Builder watcher(ResourceWatcher watcher) {
            this.watcher = Objects.requireNonNull(watcher, "watcher");
            return this;
        }

        /**
         * Sets the completer of a variable of the template. Default: none.
         *
         * @throws IllegalArgumentException if the template does not have the variable
         */
        public Builder completer(String variable, Completer completer) {
            Objects.requireNonNull(completer, "completer");
            Objects.requireNonNull(variable, "variable");
            if (template == null || !template.variables().contains(variable)) {
                throw new IllegalArgumentException(uri + " has no variable '" + variable + "'.");
            }
            completers.put(variable, completer);
            return this;
        }

        /**
         * Returns the resource.
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
