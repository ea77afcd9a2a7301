package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Interception;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.call.Rounds;
import io.qicore.mcp.internal.engine.rpc.ContentJson;
import io.qicore.mcp.internal.engine.rpc.Definitions;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.ResourceContents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Serves {@code resources/list}, {@code resources/templates/list} and {@code resources/read}. */
public final class ResourceMethods {

    private final Interception interception;
    private final int pageSize;
    private final SkillMethods skills;
    private volatile List<MCPResource> resources;

    /** @param interception decides who sees which resources */
    ResourceMethods(List<MCPResource> resources, SkillMethods skills, Interception interception, int pageSize) {
        this.interception = interception;
        this.pageSize = pageSize;
        this.skills = skills;
        this.resources = checked(resources);
    }

    /** Replaces the resources; the skills stay. */
    public void replace(List<MCPResource> newResources) {
        resources = checked(newResources);
    }

    boolean isEmpty() {
        return resources.isEmpty();
    }

    /** Returns the resource or template that is listed with a URI, if the caller sees it. */
    Optional<MCPResource> listed(String uri, Caller caller) {
        return resources.stream()
                .filter(resource -> resource.uri().equals(uri) && isVisible(resource, caller))
                .findFirst();
    }

    private boolean isVisible(MCPResource resource, Caller caller) {
        return interception.isEmpty() || interception.offers(caller, new Offer.Resource(resource));
    }

    private List<MCPResource> checked(List<MCPResource> resources) {
        Set<String> uris = new HashSet<>(skills.files().keySet());
        for (MCPResource resource : resources) {
            if (!uris.add(resource.uri())) {
                throw new IllegalArgumentException("Two resources have the URI " + resource.uri() + ".");
            }
        }
        return Stream.concat(resources.stream(), skills.manifests().stream()).toList();
    }

    void list(Call call) throws RpcException {
        list(call, "resources", false);
    }

    void listTemplates(Call call) throws RpcException {
        list(call, "resourceTemplates", true);
    }

    private void list(Call call, String member, boolean templates) throws RpcException {
        Request request = call.request();
        List<MCPResource> listed = new ArrayList<>();
        for (MCPResource resource : resources) {
            if (resource.isTemplate() == templates && isVisible(resource, call.caller())) {
                listed.add(resource);
            }
        }
        call.complete(
                Pages.page(request, member, listed, pageSize, MCPResource::uri, Definitions::resource),
                Revision.ResultType.CACHEABLE);
    }

    void read(Call call) throws RpcException {
        Request request = call.request();
        String uri = request.text("uri");
        Match match = find(uri, call.caller())
                .orElseThrow(
                        () -> RpcException.resourceNotFound(request.revision().resourceNotFound(), uri));
        Rounds.serve(call, new ResourceRead(uri, match));
    }

    /**
     * Returns the resource of a URI, if the caller sees it: the resource with that URI, or the first template that matches it.
     * A resource that the caller does not see is not replaced by a template that matches its URI, too.
     */
    public Optional<Match> find(String uri, Caller caller) {
        MCPResource file = skills.files().get(uri);
        if (file != null) {
            return isVisible(file, caller) ? Optional.of(new Match(file, Map.of())) : Optional.empty();
        }
        Match found = null;
        for (MCPResource resource : resources) {
            if (found != null && resource.isTemplate()) {
                continue;
            }
            Optional<Map<String, String>> variables = resource.match(uri);
            if (variables.isPresent()) {
                found = new Match(resource, variables.get());
            }
        }
        return Optional.ofNullable(found).filter(match -> isVisible(match.resource(), caller));
    }

    /** A resource and the values of the variables of its template. */
    record Match(MCPResource resource, Map<String, String> variables) {}

    /** The rounds of reading one resource. */
    private record ResourceRead(String uri, Match match) implements Rounds<ResourceResult> {

        @Override
        public CompletableFuture<ResourceResult> round(Call call) {
            return Rounds.attempt(() -> match.resource().reader().read(uri, match.variables(), call));
        }

        @Override
        public Optional<InputRequests> question(ResourceResult answer) {
            return answer instanceof ResourceResult.InputRequired question
                    ? Optional.of(question.requests())
                    : Optional.empty();
        }

        @Override
        public void complete(Call call, ResourceResult answer) throws RpcException {
            List<ResourceContents> contents = contents(answer);
            if (contents.isEmpty()) {
                throw RpcException.resourceNotFound(call.request().revision().resourceNotFound(), uri);
            }
            ObjectNode result = Json.object();
            ArrayNode list = result.putArray("contents");
            contents.forEach(part -> list.add(ContentJson.of(part)));
            call.complete(result, Revision.ResultType.CACHEABLE);
        }

        private List<ResourceContents> contents(ResourceResult answer) {
            String mimeType = match.resource().mimeType();
            if (answer instanceof ResourceResult.Text text) {
                return List.of(new ResourceContents.Text(uri, mimeType, text.text()));
            }
            if (answer instanceof ResourceResult.Blob blob) {
                return List.of(new ResourceContents.Blob(uri, mimeType, blob.blob()));
            }
            return ((ResourceResult.Contents) answer).contents();
        }

        @Override
        public void fail(Call call, Throwable failure) {
            call.fail(failure);
        }
    }
}
