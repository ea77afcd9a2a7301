package io.qicore.mcp.timescale.internal.url;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * The parsed URL of a database, in the notation of JDBC or of libpq. Messages never contain the URL, which may hold
 * credentials. Immutable.
 */
public final class ConnectionUrl {

    private static final String JDBC = "jdbc:postgresql:";

    private static final Pattern HOSTS =
            Pattern.compile("HOST(,HOST)*".replace("HOST", "(\\[[0-9a-fA-F:.%]+\\]|[\\w.%-]*)(:[0-9]{1,5})?"));

    /** Names of libpq for parameters that have another name in the driver. */
    private static final String[][] LIBPQ_NAMES = {
        {"application_name", "ApplicationName"},
        {"connect_timeout", "connectTimeout"}
    };

    private final String jdbcUrl;
    private final @Nullable String user;
    private final @Nullable String password;

    private ConnectionUrl(String jdbcUrl, @Nullable String user, @Nullable String password) {
        this.jdbcUrl = jdbcUrl;
        this.user = user;
        this.password = password;
    }

    /**
     * Parses {@code jdbc:postgresql://…}, {@code postgresql://…} or {@code postgres://…}, with an optional
     * {@code user:password@} before the host.
     *
     * @throws IllegalArgumentException if the text is not such a URL; the message does not show the text
     */
    public static ConnectionUrl parse(String url) {
        ConnectionUrl parsed;
        if (url.startsWith(JDBC + "//")) {
            parsed = afterScheme(url.substring(JDBC.length() + 2), false);
        } else if (url.startsWith(JDBC)) {
            parsed = new ConnectionUrl(url, null, null);
        } else if (url.startsWith("postgresql://")) {
            parsed = afterScheme(url.substring("postgresql://".length()), true);
        } else if (url.startsWith("postgres://")) {
            parsed = afterScheme(url.substring("postgres://".length()), true);
        } else {
            throw invalid();
        }
        if (Driver.parseURL(parsed.jdbcUrl, new Properties()) == null) {
            throw invalid();
        }
        return parsed;
    }

    /** Returns the driver's properties: the given defaults, overridden by the parameters and credentials of the URL. */
    public Properties properties(Properties defaults) {
        Properties properties = Driver.parseURL(jdbcUrl, defaults);
        if (properties == null) {
            throw invalid();
        }
        if (user != null) {
            PGProperty.USER.set(properties, user);
        }
        if (password != null) {
            PGProperty.PASSWORD.set(properties, password);
        }
        return properties;
    }

    /** Returns host, port and database, for messages. */
    public String address() {
        Properties properties = properties(new Properties());
        return PGProperty.PG_HOST.getOrDefault(properties) + ":" + PGProperty.PG_PORT.getOrDefault(properties) + "/"
                + PGProperty.PG_DBNAME.getOrDefault(properties);
    }

    private static ConnectionUrl afterScheme(String rest, boolean libpq) {
        int query = rest.indexOf('?');
        String beforeQuery = query < 0 ? rest : rest.substring(0, query);
        int slash = beforeQuery.indexOf('/');
        int at = (slash < 0 ? beforeQuery : beforeQuery.substring(0, slash)).lastIndexOf('@');
        String user = null;
        String password = null;
        if (at >= 0) {
            String userInfo = beforeQuery.substring(0, at);
            int colon = userInfo.indexOf(':');
            user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
            password = colon < 0 ? null : decode(userInfo.substring(colon + 1));
        }
        String hosts = beforeQuery.substring(at + 1, slash < 0 ? beforeQuery.length() : slash);
        if (!HOSTS.matcher(hosts).matches()) {
            // The driver would log an invalid part, which may belong to a password.
            throw invalid();
        }
        String parameters = query < 0 ? "" : rest.substring(query);
        for (String[] names : libpq ? LIBPQ_NAMES : new String[0][]) {
            parameters = parameters.replaceAll("([?&])" + names[0] + "=", "$1" + names[1] + "=");
        }
        return new ConnectionUrl(JDBC + "//" + beforeQuery.substring(at + 1) + parameters, user, password);
    }

    private static String decode(String text) {
        try {
            // Unlike in a form, a plus does not stand for a space here.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException("The URL of the database is not a PostgreSQL URL: write"
                + " jdbc:postgresql://host:port/database or postgresql://user:password@host:port/database, with special"
                + " characters percent-encoded.");
    }
}
