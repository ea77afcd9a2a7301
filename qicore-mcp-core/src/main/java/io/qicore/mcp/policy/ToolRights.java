package io.qicore.mcp.policy;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.internal.header.HeaderText;
import io.qicore.mcp.tool.MCPTool;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Allows what the scopes and the limits of a caller allow. There are four rights, of which each includes those before it:
 *
 * <ul>
 *   <li>{@code read}: tools that only read, resources, prompts and skills;
 *   <li>{@code write}: tools that change something without destroying anything;
 *   <li>{@code destructive}: tools that can destroy something;
 *   <li>{@code admin}: tools that the application names.
 * </ul>
 *
 * <p>Annotations of a tool say what it does; a tool without them can destroy. A caller without the right for something does not see
 * it, and gets the answer as if the server did not have it. With {@link #withStepUp()} it sees the tools, and a call of one is denied with the scope
 * that a client of OAuth can ask for. {@linkplain Caller#limits() Limits} for {@link Caller#TOOLS} always hide. Immutable and
 * thread-safe.
 */
public final class ToolRights implements CallInterceptor {

    /** What a caller may do. Each right includes those before it. */
    public enum Right {
        /** Reads. */
        READ,
        /** Changes something without destroying anything. */
        WRITE,
        /** Can destroy something. */
        DESTRUCTIVE,
        /** Administers the server. */
        ADMIN;

        /** Returns the name of the scope, in lower case. */
        public String scope() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What these methods read is named in their parameters, and may be several resources, which step-up does not hide. */
    private static final Set<String> READS_WITHOUT_OFFER = Set.of("subscriptions/listen", "resources/directory/read");

    private final String prefix;
    private final boolean stepUp;
    private final Set<String> adminTools;

    private ToolRights(String prefix, boolean stepUp, Set<String> adminTools) {
        this.prefix = prefix;
        this.stepUp = stepUp;
        this.adminTools = adminTools;
    }

    /** Returns the rules with scopes that are named as the rights, which hide what a caller may not use. */
    public static ToolRights create() {
        return new ToolRights("", false, Set.of());
    }

    /**
     * Returns rules with a prefix of the scopes, such as {@code kafka:} for {@code kafka:read}.
     *
     * @throws IllegalArgumentException if a scope cannot have it
     */
    public ToolRights withScopePrefix(String newPrefix) {
        if (!HeaderText.isPlain(Objects.requireNonNull(newPrefix, "newPrefix")) || newPrefix.matches(".*[ \"\\\\].*")) {
            throw new IllegalArgumentException(
                    "newPrefix must be visible ASCII without blanks, quotes and backslashes, not '" + newPrefix + "'.");
        }
        return new ToolRights(newPrefix, stepUp, adminTools);
    }

    /** Returns rules that show what more scopes would allow, and deny its use with the scope that is needed. */
    public ToolRights withStepUp() {
        return new ToolRights(prefix, true, adminTools);
    }

    /** Returns rules by which some tools need {@link Right#ADMIN}. */
    public ToolRights withAdminTools(Set<String> names) {
        return new ToolRights(prefix, stepUp, Set.copyOf(Objects.requireNonNull(names, "names")));
    }

    /** Returns the right that a tool needs. */
    public Right needed(MCPTool tool) {
        if (adminTools.contains(tool.name())) {
            return Right.ADMIN;
        }
        if (tool.annotations().readOnlyHint()) {
            return Right.READ;
        }
        return tool.annotations().destructiveHint() ? Right.DESTRUCTIVE : Right.WRITE;
    }

    private Right needed(Offer offer) {
        return offer instanceof Offer.Tool called ? needed(called.tool()) : Right.READ;
    }

    private boolean has(Caller caller, Right needed) {
        for (Right right : Right.values()) {
            if (right.compareTo(needed) >= 0 && caller.scopes().contains(prefix + right.scope())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean offers(Caller caller, Offer offer) {
        Objects.requireNonNull(offer, "offer");
        if (offer instanceof Offer.Tool called
                && !caller.allows(Caller.TOOLS, called.tool().name())) {
            return false;
        }
        return stepUp || has(caller, needed(offer));
    }

    @Override
    public Optional<Denial> before(InterceptedCall call) {
        Offer offer = call.offer();
        Right needed = offer == null ? Right.READ : needed(offer);
        boolean needsNothing = offer == null && !(stepUp && READS_WITHOUT_OFFER.contains(call.method()));
        if (needsNothing || has(call.caller(), needed)) {
            return Optional.empty();
        }
        String scope = prefix + needed.scope();
        return Optional.of(Denial.forbidden(
                "The scope " + scope + " is needed.", "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\""));
    }
}
