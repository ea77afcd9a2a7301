package io.qicore.mcp.internal.engine.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.tool.MCPTool;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The arguments of a tool that HTTP headers repeat ({@code x-mcp-header} in its schema), so that gateways can route by
 * them. The schema is checked once for the tool; headers and arguments are compared for each call.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">MCP
 *     2026-07-28, Streamable HTTP, Custom headers</a>
 */
public final class ParamHeaders {

    private static final String ANNOTATION = "x-mcp-header";
    private static final String PREFIX = "Mcp-Param-";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

    private final List<Header> headers;

    private record Header(String name, List<String> path) {}

    private ParamHeaders(List<Header> headers) {
        this.headers = headers;
    }

    /**
     * Reads a tool's schema.
     *
     * @throws IllegalArgumentException if it marks a property that a header cannot repeat
     */
    public static ParamHeaders of(MCPTool tool) {
        List<Header> headers = new ArrayList<>();
        collect(tool, tool.inputSchema(), List.of(), headers);
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : headers) {
            if (!names.add(header.name())) {
                throw new IllegalArgumentException(
                        tool.name() + ": two arguments have the header " + PREFIX + header.name() + ".");
            }
        }
        return new ParamHeaders(List.copyOf(headers));
    }

    private static void collect(MCPTool tool, JsonNode schema, List<String> path, List<Header> headers) {
        schema.path("properties").properties().forEach(property -> {
            List<String> here = new ArrayList<>(path);
            here.add(property.getKey());
            JsonNode annotation = property.getValue().get(ANNOTATION);
            if (annotation != null) {
                String name = annotation.asText();
                String type = property.getValue().path("type").asText();
                if (!TOKEN.matcher(name).matches() || !TYPES.contains(type)) {
                    throw new IllegalArgumentException(tool.name() + ": " + String.join(".", here)
                            + " cannot be repeated in a header: its " + ANNOTATION
                            + " must be an HTTP token and its type string, integer or boolean.");
                }
                headers.add(new Header(name, List.copyOf(here)));
            }
            collect(tool, property.getValue(), here, headers);
        });
    }

    /** Compares the headers of a call with its arguments. */
    public void check(ObjectNode arguments, CallMetadata metadata) throws RpcException {
        for (Header header : headers) {
            JsonNode value = arguments;
            for (String member : header.path()) {
                value = value.path(member);
            }
            String name = PREFIX + header.name();
            String given = metadata.header(name);
            boolean absent = value.isMissingNode() || value.isNull();
            if (given == null && absent) {
                continue;
            }
            if (given == null) {
                throw RpcException.badRequest(RpcError.HEADER_MISMATCH, "The header " + name + " is missing.");
            }
            String decoded = ModernRevision.decoded(name, given);
            if (absent || !equal(value, decoded)) {
                throw RpcException.badRequest(
                        RpcError.HEADER_MISMATCH, "The header " + name + " does not agree with the arguments.");
            }
        }
    }

    private static boolean equal(JsonNode value, String header) {
        if (!value.isNumber()) {
            return value.asText().equals(header);
        }
        try {
            return value.decimalValue().compareTo(new BigDecimal(header)) == 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
