package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Interception;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.skill.SkillFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Serves {@code skills/list}, {@code skills/get} and {@code resources/directory/read} of the skills extension. The skills
 * do not change, so all answers are prepared once.
 *
 * @see <a href="https://modelcontextprotocol.io/seps/2640-skills-extension">SEP-2640</a>
 */
final class SkillMethods {

    private static final String DIRECTORY = "inode/directory";

    private final Interception interception;
    private final int pageSize;
    private final Map<String, ObjectNode> entries = new LinkedHashMap<>();
    private final Map<String, Map<String, ObjectNode>> directories = new LinkedHashMap<>();
    private final Map<String, MCPResource> files = new LinkedHashMap<>();

    /** @param interception decides who sees which skills, by their {@code SKILL.md} */
    SkillMethods(List<MCPSkill> skills, Interception interception, int pageSize) {
        this.interception = interception;
        this.pageSize = pageSize;
        for (MCPSkill skill : skills) {
            if (entries.put(skill.uri(), entry(skill)) != null) {
                throw new IllegalArgumentException("Two skills have the URI " + skill.uri() + ".");
            }
            directories.put(skill.directoryUri(), new TreeMap<>());
            skill.files().forEach(file -> add(skill, file));
        }
        for (MCPSkill skill : skills) {
            for (MCPSkill other : skills) {
                if (other.directoryUri().startsWith(skill.directoryUri() + "/")) {
                    throw new IllegalArgumentException(
                            "The skill " + other.uri() + " lies in the folder of the skill " + skill.uri() + ".");
                }
            }
        }
    }

    private static ObjectNode entry(MCPSkill skill) {
        ObjectNode entry = Json.object().put("uri", skill.uri());
        entry.set("frontmatter", skill.frontmatter());
        ArrayNode resources = entry.putArray("resources");
        for (SkillFile file : skill.files()) {
            resources
                    .addObject()
                    .put("uri", file.uri())
                    .put("digest", file.digest())
                    .put("size", file.size());
        }
        return entry;
    }

    private void add(MCPSkill skill, SkillFile file) {
        boolean manifest = file.path().equals(MCPSkill.MANIFEST);
        MCPResource.Builder resource = MCPResource.of(file.uri(), manifest ? skill.name() : file.path())
                .mimeType(file.mimeType())
                .reader((uri, variables, context) -> ResourceResult.of(List.of(file.contents())));
        files.put(
                file.uri(), manifest ? resource.description(skill.description()).build() : resource.build());

        ObjectNode child = Json.object()
                .put("uri", file.uri())
                .put("name", lastSegment(file.path()))
                .put("mimeType", file.mimeType())
                .put("size", file.size());
        String uri = file.uri();
        String path = file.path();
        while (path.contains("/")) {
            uri = uri.substring(0, uri.lastIndexOf('/'));
            path = path.substring(0, path.lastIndexOf('/'));
            children(uri).put(child.get("uri").textValue(), child);
            child = Json.object().put("uri", uri).put("name", lastSegment(path)).put("mimeType", DIRECTORY);
        }
        children(skill.directoryUri()).put(child.get("uri").textValue(), child);
    }

    private Map<String, ObjectNode> children(String directory) {
        return directories.computeIfAbsent(directory, none -> new TreeMap<>());
    }

    private static String lastSegment(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns the files of all skills as resources, by URI. */
    Map<String, MCPResource> files() {
        return files;
    }

    /** Returns the {@code SKILL.md} of each skill, which clients see in the list of resources. */
    List<MCPResource> manifests() {
        return entries.keySet().stream().map(files::get).toList();
    }

    void list(Call call) throws RpcException {
        List<ObjectNode> listed = entries.values().stream()
                .filter(entry -> isVisible(uri(entry), call.caller()))
                .toList();
        call.complete(
                Pages.page(call.request(), "skills", listed, pageSize, SkillMethods::uri, entry -> entry),
                Revision.ResultType.CACHEABLE);
    }

    void get(Call call) throws RpcException {
        String uri = call.request().text("uri");
        ObjectNode entry = entries.get(uri);
        if (entry == null || !isVisible(uri, call.caller())) {
            throw RpcException.invalidParams("No such skill: " + uri + ". skills/list names all skills.");
        }
        ObjectNode result = Json.object();
        result.set("skill", entry);
        call.complete(result, Revision.ResultType.CACHEABLE);
    }

    void readDirectory(Call call) throws RpcException {
        Request request = call.request();
        String uri = request.text("uri");
        Map<String, ObjectNode> children =
                directories.get(uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
        List<ObjectNode> visible = children == null
                ? List.of()
                : children.values().stream()
                        .filter(child -> isVisible(uri(child), call.caller()))
                        .toList();
        if (visible.isEmpty()) {
            throw RpcException.invalidParams("Not a folder of a skill: " + uri);
        }
        call.complete(
                Pages.page(request, "resources", visible, pageSize, SkillMethods::uri, child -> child),
                Revision.ResultType.CACHEABLE);
    }

    /** Returns whether a caller sees a file; a folder is seen by everybody who sees a file in it. */
    private boolean isVisible(String uri, Caller caller) {
        if (interception.isEmpty()) {
            return true;
        }
        MCPResource file = files.get(uri);
        if (file != null) {
            return interception.offers(caller, new Offer.Resource(file));
        }
        return directories.getOrDefault(uri, Map.of()).keySet().stream().anyMatch(child -> isVisible(child, caller));
    }

    private static String uri(ObjectNode described) {
        return described.get("uri").textValue();
    }
}
