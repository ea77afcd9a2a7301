package io.qicore.mcp.internal.engine.rpc;

/** The names of the requests and notifications of MCP, of all revisions. */
public final class MethodNames {

    public static final String INITIALIZE = "initialize";
    public static final String PING = "ping";
    public static final String DISCOVER = "server/discover";
    public static final String SET_LOG_LEVEL = "logging/setLevel";
    public static final String LIST_TOOLS = "tools/list";
    public static final String CALL_TOOL = "tools/call";
    public static final String LIST_RESOURCES = "resources/list";
    public static final String LIST_RESOURCE_TEMPLATES = "resources/templates/list";
    public static final String READ_RESOURCE = "resources/read";
    public static final String READ_RESOURCE_DIRECTORY = "resources/directory/read";
    public static final String SUBSCRIBE_RESOURCE = "resources/subscribe";
    public static final String UNSUBSCRIBE_RESOURCE = "resources/unsubscribe";
    public static final String LIST_PROMPTS = "prompts/list";
    public static final String GET_PROMPT = "prompts/get";
    public static final String COMPLETE = "completion/complete";
    public static final String LIST_SKILLS = "skills/list";
    public static final String GET_SKILL = "skills/get";
    public static final String LISTEN = "subscriptions/listen";
    public static final String GET_TASK = "tasks/get";
    public static final String UPDATE_TASK = "tasks/update";
    public static final String CANCEL_TASK = "tasks/cancel";
    public static final String ELICIT = "elicitation/create";

    public static final String CANCELLED = "notifications/cancelled";
    public static final String PROGRESS = "notifications/progress";
    public static final String MESSAGE = "notifications/message";
    public static final String SUBSCRIPTION_ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
    public static final String RESOURCE_UPDATED = "notifications/resources/updated";
    public static final String TASK_CHANGED = "notifications/tasks";

    private MethodNames() {}
}
