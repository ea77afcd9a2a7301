package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.Visibility;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.jspecify.annotations.Nullable;

/** The tool {@code list_consumer_groups}. It costs one request to each broker, however many groups there are. */
public final class ListConsumerGroupsTool {

    record Arguments(
            @Schema("Pattern of group ids, such as orders-*") @Nullable
            String filter,

            @Schema(
                    value = "Only groups of this type",
                    allowed = {"classic", "consumer", "share", "streams"})
            @Nullable
            String type,

            @Schema("Only groups in this state, such as Stable or Empty") @Nullable
            String state,

            @Schema(value = "Maximum number of groups", minimum = 1, maximum = 1000, defaultValue = "100")
            int limit,

            @Schema("Last group id of the previous page") @Nullable
            String after) {}

    record Group(
            @Schema("Group id") String groupId,

            @Schema("classic, consumer (KIP-848), share or streams")
            String type,

            @Schema("State of the group in Kafka's terms, such as Stable or Empty (no consumers); left out if unknown")
            @Nullable
            String state) {}

    record Result(
            @Schema("Matching groups, sorted by id") List<Group> groups,

            @Schema("Number of groups that match filter, type and state, on all pages")
            int count,

            @Schema("true if there are more groups. Pass the last group id as after to get the next page") @Nullable
            Boolean truncated,

            @Schema("Brokers whose groups could not be listed, with the reason") @Nullable
            List<String> warnings) {}

    private ListConsumerGroupsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_consumer_groups", Arguments.class, Result.class)
                .title("List consumer groups")
                .description("Lists consumer, share and streams groups with their type and state. Use it to look up a"
                        + " group id. To find groups with lag, use find_lagging_groups.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.session(context), args))
                .build();
    }

    private static Result list(AdminSession kafka, Arguments args) {
        requireState(args.state());
        Groups groups = Groups.list(kafka);
        Warnings warnings = new Warnings();
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        if (groups.all().isEmpty()) {
            Visibility.explainNoGroups(kafka, warnings);
        }
        List<Group> matching = groups.all().stream()
                .filter(group -> GroupKind.of(group) != GroupKind.OTHER)
                .map(ListConsumerGroupsTool::row)
                .filter(wanted(args))
                .toList();
        List<Group> listed = matching.stream()
                .filter(group -> args.after() == null || group.groupId().compareTo(args.after()) > 0)
                .limit(args.limit() + 1L)
                .toList();
        boolean more = listed.size() > args.limit();
        return new Result(
                more ? listed.subList(0, args.limit()) : listed,
                matching.size(),
                more ? true : null,
                warnings.orNull());
    }

    private static void requireState(@Nullable String state) {
        if (state != null && GroupState.parse(state) == GroupState.UNKNOWN) {
            String known = Arrays.stream(GroupState.values())
                    .filter(one -> one != GroupState.UNKNOWN)
                    .map(GroupState::toString)
                    .collect(Collectors.joining(", "));
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + state + "' is not a state of a group. The states are " + known + ".",
                    Map.of("state", state));
        }
    }

    private static Predicate<Group> wanted(Arguments args) {
        NamePatterns ids = args.filter() == null || args.filter().isBlank()
                ? NamePatterns.ALL
                : NamePatterns.of("groups", List.of(args.filter()));
        return group -> ids.match(group.groupId())
                && (args.type() == null || args.type().equals(group.type()))
                && (args.state() == null || args.state().equalsIgnoreCase(group.state()));
    }

    private static Group row(GroupListing group) {
        return new Group(
                group.groupId(),
                GroupKind.of(group).label(),
                group.groupState().map(GroupState::toString).orElse(null));
    }
}
