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
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The settings of authentication and authorization that every server has. Immutable. */
final class AuthKeys {

    // The members of Authentication.config().
    private static final String KEYS = "keys";
    private static final String KEYS_FILE = "keysFile";
    private static final String ISSUER = "issuer";
    private static final String AUDIENCE = "audience";
    private static final String JWKS_URL = "jwksUrl";
    private static final String SCOPE_PREFIX = "scopePrefix";
    private static final String LIMIT_CLAIMS = "limitClaims";
    private static final Map<Authentication.Type, Set<String>> MEMBERS = Map.of(
            Authentication.Type.NONE, Set.of(),
            Authentication.Type.API_KEY, Set.of(KEYS, KEYS_FILE),
            Authentication.Type.OAUTH, Set.of(ISSUER, AUDIENCE, JWKS_URL, SCOPE_PREFIX, LIMIT_CLAIMS));

    /** What the names of the settings end with. */
    private static final Map<String, String> SUFFIXES = Map.of(
            KEYS, "API_KEYS",
            KEYS_FILE, "API_KEYS_FILE",
            ISSUER, "OAUTH_ISSUER",
            AUDIENCE, "OAUTH_AUDIENCE",
            JWKS_URL, "OAUTH_JWKS_URL",
            SCOPE_PREFIX, "OAUTH_SCOPE_PREFIX",
            LIMIT_CLAIMS, "OAUTH_LIMIT_CLAIMS");

    private final String prefix;
    private final Setting<Authentication.Type> type;
    private final Setting<String> apiKeys;
    private final Setting<URI> issuer;
    private final Setting<URI> audience;
    private final Setting<URI> jwksUrl;
    private final Setting<String> scopePrefix;
    private final Setting<String> limitClaims;
    private final Setting<Integer> rateLimit;
    private final Setting<Boolean> audit;

    AuthKeys(String prefix) {
        this.prefix = prefix;
        type = Setting.choice(prefix + "AUTH_TYPE", Authentication.Type.class)
                .orElse(Authentication.Type.NONE)
                .protecting()
                .describedAs("How clients over HTTP prove who they are: `none`, `api_key` with `" + prefix
                        + "API_KEYS`, or `oauth` with `" + prefix + "OAUTH_ISSUER`.");
        apiKeys = Setting.of(prefix + "API_KEYS", "JSON with the list `keys`, which is not empty", AuthKeys::apiKeys)
                .secret()
                .protecting()
                .describedAs(
                        "API keys with their names, rights and limits. The file is read again when it has changed.");
        issuer = url(prefix + "OAUTH_ISSUER")
                .protecting()
                .describedAs("The authorization server, exactly as access tokens name it in `iss`.");
        audience = url(prefix + "OAUTH_AUDIENCE")
                .protecting()
                .describedAs(
                        "What access tokens must name in `aud`: the URL of the endpoint as clients know it. By default `"
                                + prefix + "PUBLIC_URL`.");
        jwksUrl = url(prefix + "OAUTH_JWKS_URL")
                .protecting()
                .describedAs("Where the keys of the authorization server are. By default its metadata says it.");
        scopePrefix = Setting.text(prefix + "OAUTH_SCOPE_PREFIX")
                .checked(AuthKeys::isScopePrefix, "be visible ASCII without blanks, quotes and backslashes")
                .describedAs("What the scopes begin with, such as `kafka:` for `kafka:read`.");
        limitClaims = Setting.of(
                        prefix + "OAUTH_LIMIT_CLAIMS", "kind=claim, separated by commas", AuthKeys::limitClaims)
                .protecting()
                .describedAs(
                        "Claims with the names and patterns that a token limits its caller to, such as `topics=mcp_topics`. Kinds: "
                                + new TreeSet<>(Caller.LIMIT_KINDS)
                                        .stream().map(kind -> "`" + kind + "`").collect(Collectors.joining(", "))
                                + ". A token without the claim allows nothing of this kind.");
        rateLimit = Setting.integer(prefix + "RATE_LIMIT", 1, 1_000_000)
                .describedAs("How many requests a minute each caller may make. By default as many as it wants.");
        audit = Setting.bool(prefix + "AUDIT")
                .describedAs("Writes a line for each request to the logger `" + AuditSink.LOGGER
                        + "`. By default `true` with authentication.");
    }

    private static String apiKeys(String json) {
        ApiKeys.parse(json);
        return json;
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

    Setting<?>[] all() {
        return new Setting<?>[] {type, apiKeys, issuer, audience, jwksUrl, scopePrefix, limitClaims, rateLimit, audit};
    }

    /**
     * Reads the authentication.
     *
     * @param access has the URL of the endpoint as clients know it
     * @param environment names the file of the keys, which is read again later
     * @throws IllegalArgumentException if a setting that the type needs is missing, or one is of another type
     */
    Authentication authentication(Settings settings, HttpAccess access, Map<String, String> environment) {
        Authentication.Type chosen = settings.get(type);
        Map<String, String> config = new HashMap<>();
        String file = environment.get(prefix + "API_KEYS_FILE");
        if (file != null && !file.isBlank()) {
            config.put(KEYS_FILE, file.strip());
        } else {
            settings.find(apiKeys).ifPresent(keys -> config.put(KEYS, keys));
        }
        settings.find(issuer).ifPresent(url -> config.put(ISSUER, url.toString()));
        settings.find(audience).ifPresent(url -> config.put(AUDIENCE, url.toString()));
        settings.find(jwksUrl).ifPresent(url -> config.put(JWKS_URL, url.toString()));
        settings.find(scopePrefix).ifPresent(text -> config.put(SCOPE_PREFIX, text));
        settings.find(limitClaims).ifPresent(text -> config.put(LIMIT_CLAIMS, text));
        if (chosen == Authentication.Type.OAUTH && !config.containsKey(AUDIENCE)) {
            access.publicUrl().ifPresent(url -> config.put(AUDIENCE, url.toString()));
        }
        if (chosen == Authentication.Type.API_KEY && config.get(KEYS) == null && config.get(KEYS_FILE) == null) {
            throw new IllegalArgumentException(
                    prefix + "AUTH_TYPE=api_key needs " + prefix + "API_KEYS or " + prefix + "API_KEYS_FILE.");
        }
        if (chosen == Authentication.Type.OAUTH && !config.containsKey(ISSUER)) {
            throw new IllegalArgumentException(prefix + "AUTH_TYPE=oauth needs " + prefix + "OAUTH_ISSUER.");
        }
        if (chosen == Authentication.Type.OAUTH && !config.containsKey(AUDIENCE)) {
            throw new IllegalArgumentException(
                    prefix + "AUTH_TYPE=oauth needs " + prefix + "OAUTH_AUDIENCE or " + prefix + "PUBLIC_URL.");
        }
        Set<String> others = new TreeSet<>(config.keySet());
        others.removeAll(MEMBERS.get(chosen));
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(prefix + "AUTH_TYPE=" + Setting.shown(chosen) + " does not use "
                    + others.stream()
                            .map(member -> prefix + SUFFIXES.get(member))
                            .collect(Collectors.joining(", "))
                    + ". Set " + prefix + "AUTH_TYPE="
                    + typeOf(others.iterator().next())
                    + ", or remove what is not used.");
        }
        return new Authentication(chosen, config);
    }

    private static String typeOf(String member) {
        return MEMBERS.entrySet().stream()
                .filter(type -> type.getValue().contains(member))
                .map(type -> Setting.shown(type.getKey()))
                .findFirst()
                .orElseThrow();
    }

    /** Adds the rules for callers to the settings of a server. */
    void addInterceptors(Settings settings, Authentication authentication, ServerSettings.Builder server) {
        boolean authenticated = authentication.type() != Authentication.Type.NONE;
        if (settings.find(audit).orElse(authenticated)) {
            server.interceptor(AuditLog.to(AuditSink.slf4j()));
        }
        settings.find(rateLimit).ifPresent(limit -> server.interceptor(RateLimit.perMinute(limit)));
        if (authenticated) {
            ToolRights rights =
                    ToolRights.create().withScopePrefix(authentication.config().getOrDefault(SCOPE_PREFIX, ""));
            server.interceptor(authentication.type() == Authentication.Type.OAUTH ? rights.withStepUp() : rights);
        }
    }

    /**
     * Returns the authenticator of a configuration.
     *
     * @throws IllegalArgumentException if a member that the type needs is missing or wrong, or one is unknown
     */
    static HttpAuthenticator authenticator(Authentication authentication, HttpAuthenticator none) {
        Map<String, String> config = authentication.config();
        Set<String> unknown = new TreeSet<>(config.keySet());
        unknown.removeAll(MEMBERS.get(authentication.type()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("Authentication " + Setting.shown(authentication.type())
                    + " does not have the settings " + unknown + ", but " + MEMBERS.get(authentication.type()) + ".");
        }
        return switch (authentication.type()) {
            case NONE -> none;
            case API_KEY ->
                config.containsKey(KEYS_FILE)
                        ? ApiKeys.fromFile(Path.of(config.get(KEYS_FILE)))
                        : ApiKeys.parse(needed(config, KEYS));
            case OAUTH -> {
                OAuthResourceServer.Builder oauth = OAuthResourceServer.builder(
                        URI.create(needed(config, ISSUER)), URI.create(needed(config, AUDIENCE)));
                if (config.containsKey(JWKS_URL)) {
                    oauth.jwksUrl(URI.create(config.get(JWKS_URL)));
                }
                if (config.containsKey(LIMIT_CLAIMS)) {
                    oauth.limitClaims(claims(config.get(LIMIT_CLAIMS)));
                }
                yield oauth.scopes(Set.of(config.getOrDefault(SCOPE_PREFIX, "") + ToolRights.Right.READ.scope()))
                        .build();
            }
        };
    }

    private static String needed(Map<String, String> config, String member) {
        String value = config.get(member);
        if (value == null) {
            throw new IllegalArgumentException("The authentication needs the setting " + member + ".");
        }
        return value;
    }
}
