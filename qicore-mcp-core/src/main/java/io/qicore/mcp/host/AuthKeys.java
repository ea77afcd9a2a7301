package io.qicore.mcp.host;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.apikey.ApiKeys;
import io.qicore.mcp.auth.oauth.OAuthResourceServer;
import io.qicore.mcp.host.MCPServerConfig.Authentication;
import io.qicore.mcp.policy.AuditLog;
import io.qicore.mcp.policy.AuditSink;
import io.qicore.mcp.policy.RateLimit;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.server.ServerSettings;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The settings of authentication and authorization that every server has. Immutable. */
final class AuthKeys {

    /** The members of {@link Authentication#config()}. */
    private enum Member {
        KEYS("keys", Authentication.Type.API_KEY, "API_KEYS"),
        KEYS_FILE("keysFile", Authentication.Type.API_KEY, "API_KEYS_FILE"),
        ISSUER("issuer", Authentication.Type.OAUTH, "OAUTH_ISSUER"),
        AUDIENCE("audience", Authentication.Type.OAUTH, "OAUTH_AUDIENCE"),
        JWKS_URL("jwksUrl", Authentication.Type.OAUTH, "OAUTH_JWKS_URL"),
        SCOPE_PREFIX("scopePrefix", Authentication.Type.OAUTH, "OAUTH_SCOPE_PREFIX"),
        LIMIT_CLAIMS("limitClaims", Authentication.Type.OAUTH, "OAUTH_LIMIT_CLAIMS");

        private final String label;
        private final Authentication.Type type;
        private final String suffix;

        Member(String label, Authentication.Type type, String suffix) {
            this.label = label;
            this.type = type;
            this.suffix = suffix;
        }

        Optional<String> in(Authentication authentication) {
            return Optional.ofNullable(authentication.config().get(label));
        }

        /** Returns the value, which the authentication needs. */
        String of(Authentication authentication) {
            return in(authentication)
                    .orElseThrow(
                            () -> new IllegalArgumentException("The authentication needs the setting " + label + "."));
        }
    }

    private final String prefix;
    private final Setting<Authentication.Type> type;
    private final Map<Member, Setting<?>> members = new EnumMap<>(Member.class);
    private final Setting<Integer> rateLimit;
    private final Setting<Boolean> audit;

    AuthKeys(String prefix) {
        this.prefix = prefix;
        type = Setting.choice(prefix + "AUTH_TYPE", Authentication.Type.class)
                .orElse(Authentication.Type.NONE)
                .protecting()
                .describedAs("How clients over HTTP prove who they are: `none`, `api_key` with `" + prefix
                        + "API_KEYS`, or `oauth` with `" + prefix + "OAUTH_ISSUER`.");
        add(
                Member.KEYS,
                // Checked in authentication(), whose messages say where in the text the fault is.
                key -> Setting.of(key, "JSON with the list `keys`, which is not empty", text -> text)
                        .secret()
                        .protecting()
                        .describedAs(
                                "API keys with their names, rights and limits. The file is read again when it has changed."));
        add(Member.ISSUER, key -> url(key).protecting()
                .describedAs("The authorization server, exactly as access tokens name it in `iss`."));
        add(Member.AUDIENCE, key -> url(key).protecting()
                .describedAs(
                        "What access tokens must name in `aud`: the URL of the endpoint as clients know it. By default `"
                                + prefix + "PUBLIC_URL`."));
        add(Member.JWKS_URL, key -> url(key).protecting()
                .describedAs("Where the keys of the authorization server are. By default its metadata says it."));
        add(Member.SCOPE_PREFIX, key -> Setting.text(key)
                .checked(AuthKeys::isScopePrefix, "be visible ASCII without blanks, quotes and backslashes")
                .protecting()
                .describedAs("What the scopes begin with, such as `kafka:` for `kafka:read`."));
        add(Member.LIMIT_CLAIMS, key -> Setting.of(key, "kind=claim, separated by commas", AuthKeys::limitClaims)
                .protecting()
                .describedAs(
                        "Claims with the names and patterns that a token limits its caller to, such as `topics=mcp_topics`. Kinds: "
                                + new TreeSet<>(Caller.LIMIT_KINDS)
                                        .stream().map(kind -> "`" + kind + "`").collect(Collectors.joining(", "))
                                + ". A token without the claim allows nothing of this kind."));
        rateLimit = Setting.integer(prefix + "RATE_LIMIT", 1, 1_000_000)
                .protecting()
                .describedAs(
                        "How many requests a minute each caller may make. Further requests are answered with 429. By default as many"
                                + " as it wants.");
        audit = Setting.bool(prefix + "AUDIT")
                .describedAs("Writes a line for each request to the logger `" + AuditSink.LOGGER
                        + "`. By default `true` with authentication.");
    }

    private void add(Member member, Function<String, Setting<?>> setting) {
        members.put(member, setting.apply(key(member)));
    }

    private String key(Member member) {
        return prefix + member.suffix;
    }

    /** Checks the text, which becomes a map when the authenticator is made. */
    private static String limitClaims(String text) {
        claims(text);
        return text;
    }

    private static Map<String, String> claims(String text) {
        Map<String, String> claims = new HashMap<>();
        for (String entry : text.split(",", -1)) {
            String[] parts = entry.split("=", -1);
            if (parts.length != 2 || parts[1].isBlank() || !Caller.LIMIT_KINDS.contains(parts[0].strip())) {
                throw new IllegalArgumentException("must have entries such as topics=mcp_topics, with the kinds "
                        + new TreeSet<>(Caller.LIMIT_KINDS));
            }
            if (claims.put(parts[0].strip(), parts[1].strip()) != null) {
                throw new IllegalArgumentException("must have one entry for " + parts[0].strip());
            }
        }
        return claims;
    }

    private static Setting<URI> url(String key) {
        return Setting.of(key, "URL", text -> {
            try {
                URI url = URI.create(text);
                if (url.getHost() != null && url.getRawFragment() == null) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // The message below is the same for every wrong value.
            }
            throw new IllegalArgumentException("must be a URL such as https://login.example.com");
        });
    }

    private static boolean isScopePrefix(String text) {
        try {
            ToolRights.create().withScopePrefix(text);
            return true;
        } catch (IllegalArgumentException e) {
            // The setting says itself what it expects.
            return false;
        }
    }

    List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>();
        all.add(type);
        all.addAll(members.values());
        all.add(rateLimit);
        all.add(audit);
        return all;
    }

    /**
     * Reads the authentication.
     *
     * @param access has the URL of the endpoint as clients know it
     * @param environment names the file of the keys, which is read again later
     * @throws IllegalArgumentException if a setting that the type needs is missing or wrong, or one is of another type
     */
    Authentication authentication(Settings settings, HttpAccess access, Map<String, String> environment) {
        Authentication.Type chosen = settings.get(type);
        Map<Member, String> config = new EnumMap<>(Member.class);
        members.forEach(
                (member, setting) -> settings.find(setting).ifPresent(value -> config.put(member, value.toString())));
        String file = environment.getOrDefault(key(Member.KEYS_FILE), "").strip();
        if (!file.isEmpty()) {
            // The name instead of the content.
            config.remove(Member.KEYS);
            config.put(Member.KEYS_FILE, file);
        }
        if (chosen == Authentication.Type.OAUTH) {
            access.publicUrl().ifPresent(url -> config.putIfAbsent(Member.AUDIENCE, url.toString()));
        }
        switch (chosen) {
            case NONE -> {}
            case API_KEY -> {
                requireOne(chosen, config, key(Member.KEYS), Member.KEYS_FILE, Member.KEYS);
                checkKeys(config);
            }
            case OAUTH -> {
                requireOne(chosen, config, "", Member.ISSUER);
                requireOne(chosen, config, prefix + "PUBLIC_URL", Member.AUDIENCE);
            }
        }
        requireNoOther(chosen, config.keySet());
        Map<String, String> byLabel = new HashMap<>();
        config.forEach((member, value) -> byLabel.put(member.label, value));
        return new Authentication(chosen, byLabel);
    }

    private void requireOne(
            Authentication.Type chosen, Map<Member, String> config, String alternative, Member... oneOf) {
        if (Collections.disjoint(config.keySet(), List.of(oneOf))) {
            throw new IllegalArgumentException(prefix + "AUTH_TYPE=" + Setting.shown(chosen) + " needs " + key(oneOf[0])
                    + (alternative.isEmpty() ? "." : " or " + alternative + "."));
        }
    }

    private void checkKeys(Map<Member, String> config) {
        Member given = config.containsKey(Member.KEYS_FILE) ? Member.KEYS_FILE : Member.KEYS;
        try {
            apiKeys(given, config.get(given));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new IllegalArgumentException(key(given) + ": " + e.getMessage(), e);
        }
    }

    private static ApiKeys apiKeys(Member given, String value) {
        return given == Member.KEYS_FILE ? ApiKeys.fromFile(Path.of(value)) : ApiKeys.parse(value);
    }

    private void requireNoOther(Authentication.Type chosen, Set<Member> given) {
        List<Member> others =
                given.stream().filter(member -> member.type != chosen).toList();
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(prefix + "AUTH_TYPE=" + Setting.shown(chosen) + " does not use "
                    + others.stream().map(this::key).collect(Collectors.joining(", "))
                    + ". Set " + prefix + "AUTH_TYPE="
                    + Setting.shown(others.get(0).type)
                    + ", or remove what is not used.");
        }
    }

    /** Adds the rules for callers to the settings of a server. */
    void addInterceptors(Settings settings, Authentication authentication, ServerSettings.Builder server) {
        boolean authenticated = authentication.type() != Authentication.Type.NONE;
        if (settings.find(audit).orElse(authenticated)) {
            server.interceptor(AuditLog.to(AuditSink.slf4j()));
        }
        settings.find(rateLimit).ifPresent(limit -> server.interceptor(RateLimit.perMinute(limit)));
        if (authenticated) {
            ToolRights rights = ToolRights.create()
                    .withScopePrefix(Member.SCOPE_PREFIX.in(authentication).orElse(""));
            server.interceptor(authentication.type() == Authentication.Type.OAUTH ? rights.withStepUp() : rights);
        }
    }

    /**
     * Returns the authenticator of a configuration.
     *
     * @throws IllegalArgumentException if a member that the type needs is missing or wrong, or one is unknown
     */
    static HttpAuthenticator authenticator(Authentication authentication, HttpAuthenticator none) {
        Set<String> labels = Arrays.stream(Member.values())
                .filter(member -> member.type == authentication.type())
                .map(member -> member.label)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> unknown = new TreeSet<>(authentication.config().keySet());
        unknown.removeAll(labels);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("Authentication " + Setting.shown(authentication.type())
                    + " does not have the settings " + unknown + ", but " + labels + ".");
        }
        return switch (authentication.type()) {
            case NONE -> none;
            case API_KEY ->
                Member.KEYS_FILE
                        .in(authentication)
                        .map(file -> apiKeys(Member.KEYS_FILE, file))
                        .orElseGet(() -> apiKeys(Member.KEYS, Member.KEYS.of(authentication)));
            case OAUTH -> {
                OAuthResourceServer.Builder oauth = OAuthResourceServer.builder(
                        URI.create(Member.ISSUER.of(authentication)), URI.create(Member.AUDIENCE.of(authentication)));
                Member.JWKS_URL.in(authentication).map(URI::create).ifPresent(oauth::jwksUrl);
                Member.LIMIT_CLAIMS.in(authentication).map(AuthKeys::claims).ifPresent(oauth::limitClaims);
                String scopePrefix = Member.SCOPE_PREFIX.in(authentication).orElse("");
                yield oauth.scopes(Set.of(scopePrefix + ToolRights.Right.READ.scope()))
                        .build();
            }
        };
    }
}
