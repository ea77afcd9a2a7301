package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.query.PlanSummary.Scan;
import io.qicore.mcp.timescale.internal.query.PlanSummary.Step;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of {@code EXPLAIN}, with the custom nodes of TimescaleDB: {@code ChunkAppend} and
 * {@code ConstraintAwareAppend}, which exclude chunks, and {@code ColumnarScan} ({@code DecompressChunk} before
 * 2.22), which reads a chunk from the columnstore. Confined to one thread.
 */
final class PlanReader {

    /** The longest plan that is attached to a summary. */
    static final int MAX_PLAN_CHARACTERS = 64 * 1024;

    private static final int MOST_STEPS = 5;
    private static final long MANY_CHUNKS = 100;
    private static final double WRONG_ESTIMATE = 100;
    private static final Set<String> DECOMPRESSING = Set.of("ColumnarScan", "DecompressChunk");
    private static final Pattern CHUNK = Pattern.compile("_(?:hyper|dist_hyper)_(\\d+)_\\d+_chunk");
    private static final Pattern COMPRESSED_CHUNK = Pattern.compile("compress_hyper_\\d+_\\d+_chunk");
    private static final JsonMapper JSON = new JsonMapper();

    /** The collected facts about a table or the chunks of a hypertable. */
    private static final class Tally {
        private final Set<String> methods = new LinkedHashSet<>();
        private final Set<String> chunks = new LinkedHashSet<>();
        private final Set<String> compressed = new LinkedHashSet<>();
        private int excluded;
        private long estimated;
        private long actual;
        private boolean hypertable;
    }

    private final Map<String, Tally> tables = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> hints = new LinkedHashSet<>();
    private final boolean analyzed;
    private final Map<String, String> names;

    private PlanReader(boolean analyzed, Map<String, String> names) {
        this.analyzed = analyzed;
        this.names = names;
    }

    /** Returns the only element of the result of {@code EXPLAIN (FORMAT JSON)}. */
    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json).path(0);
        } catch (JsonProcessingException e) {
            throw new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                    "The database's plan is not the JSON that it should be.",
                    Map.of("stage", "run"),
                    e);
        }
    }

    /**
     * Replaces the names of relations that are not in allowed schemas, which are behind a view. Chunks keep theirs, because they only
     * have a number.
     *
     * @return whether there was one
     */
    static boolean hide(JsonNode node, SchemaLimits limits) {
        boolean hidden = false;
        String schema = node.path("Schema").asText("");
        boolean allowed = schema.isEmpty() || schema.equals("pg_catalog") || limits.allow(schema);
        if (!allowed && node instanceof ObjectNode relation) {
            String name = node.path("Relation Name").asText("");
            boolean chunk = schema.equals("_timescaledb_internal")
                    && (CHUNK.matcher(name).matches()
                            || COMPRESSED_CHUNK.matcher(name).matches());
            if (!chunk && !name.isEmpty()) {
                relation.put("Relation Name", SchemaLimits.HIDDEN);
            }
            hidden = true;
        }
        if (node.has("Hypertable") && (!allowed || schema.isEmpty())) {
            ((ObjectNode) node).put("Hypertable", SchemaLimits.HIDDEN);
            hidden = true;
        }
        for (JsonNode child : node.path("Plans")) {
            hidden |= hide(child, limits);
        }
        return hidden;
    }

    /** Returns one chunk of each hypertable in a plan, by the number in the names of the chunks. */
    static Map<String, String> chunks(JsonNode node) {
        Map<String, String> chunks = new LinkedHashMap<>();
        Matcher chunk = CHUNK.matcher(node.path("Relation Name").asText(""));
        if (chunk.matches()) {
            chunks.put(chunk.group(1), chunk.group());
        }
        node.path("Plans").forEach(child -> chunks(child).forEach(chunks::putIfAbsent));
        return chunks;
    }

    /**
     * Returns the summary of a plan.
     *
     * @param names of hypertables, by the number in the names of their chunks; only an append of TimescaleDB knows its own
     */
    static PlanSummary summarize(JsonNode explained, Map<String, String> names) {
        JsonNode plan = explained.path("Plan");
        boolean analyzed = explained.has("Execution Time");
        PlanReader reader = new PlanReader(analyzed, names);
        reader.visit(plan, null);
        reader.steps.sort(Comparator.comparingDouble(Step::self).reversed());
        List<Scan> scans = reader.scans();
        return new PlanSummary(
                plan.path("Total Cost").asDouble(),
                plan.path("Plan Rows").asLong(),
                analyzed ? rows(plan) : null,
                analyzed ? explained.path("Planning Time").asDouble() : null,
                analyzed ? explained.path("Execution Time").asDouble() : null,
                scans,
                reader.steps.stream()
                        .filter(step -> step.self() > 0)
                        .limit(MOST_STEPS)
                        .toList(),
                List.copyOf(reader.hints));
    }

    /** @param hypertable the one whose chunks are below, as its append knows it */
    private void visit(JsonNode node, @Nullable String hypertable) {
        String provider = node.path("Custom Plan Provider").asText("");
        String method = provider.isEmpty() ? node.path("Node Type").asText() : provider;
        String relation = node.path("Relation Name").asText("");
        String below = hypertable;
        if (method.equals("ChunkAppend") || method.equals("ConstraintAwareAppend")) {
            below = relation.isEmpty() ? node.path("Hypertable").asText("hypertable") : relation;
            append(node, method, below);
        } else if (!relation.isEmpty() && !COMPRESSED_CHUNK.matcher(relation).matches()) {
            scan(node, method, relation, hypertable);
        }
        double own = time(node);
        for (JsonNode child : node.path("Plans")) {
            own -= time(child);
            visit(child, below);
        }
        steps.add(new Step(
                relation.isEmpty() ? method : method + " on " + relation,
                Math.round(Math.max(0, own) * 1000) / 1000.0));
        advise(node, method, relation);
    }

    private void append(JsonNode node, String method, String hypertable) {
        Tally tally = tables.computeIfAbsent(hypertable, name -> new Tally());
        tally.hypertable = true;
        tally.methods.add(method);
        tally.excluded += node.path("Chunks excluded during startup").asInt()
                + node.path("Chunks excluded during runtime").asInt();
    }

    private void scan(JsonNode node, String method, String relation, @Nullable String hypertable) {
        Matcher chunk = CHUNK.matcher(relation);
        boolean isChunk = chunk.matches();
        String table = relation;
        if (isChunk) {
            String number = chunk.group(1);
            table = hypertable != null ? hypertable : names.getOrDefault(number, "hypertable " + number);
        }
        Tally tally = tables.computeIfAbsent(table, name -> new Tally());
        tally.methods.add(method);
        tally.estimated += node.path("Plan Rows").asLong();
        tally.actual += rows(node);
        if (isChunk) {
            tally.hypertable = true;
            tally.chunks.add(relation);
            if (DECOMPRESSING.contains(method)) {
                tally.compressed.add(relation);
            }
        }
    }

    private List<Scan> scans() {
        List<Scan> scans = new ArrayList<>();
        tables.forEach((name, tally) -> {
            if (tally.chunks.size() > MANY_CHUNKS) {
                hints.add("'" + name + "' reads " + tally.chunks.size()
                        + " chunks: bound its time column by constants or parameters.");
            }
            scans.add(new Scan(
                    name,
                    List.copyOf(tally.methods),
                    tally.hypertable ? tally.chunks.size() : null,
                    tally.hypertable ? tally.compressed.size() : null,
                    tally.hypertable ? tally.excluded : null,
                    tally.estimated,
                    analyzed ? tally.actual : null));
        });
        return scans;
    }

    private void advise(JsonNode node, String method, String relation) {
        long removed = node.path("Rows Removed by Filter").asLong()
                * Math.max(1, node.path("Actual Loops").asLong());
        if (method.equals("Seq Scan") && removed > 10_000 && removed > 10 * rows(node)) {
            hints.add(
                    "'" + relation + "' was read as a whole to keep few rows: an index on the columns of its condition"
                            + " may help.");
        }
        if (node.path("Sort Space Type").asText().equals("Disk")) {
            hints.add("A sort did not fit into work_mem and went to disk.");
        }
        if (analyzed && node.path("Actual Loops").asLong() > 0) {
            double expected = Math.max(1, node.path("Plan Rows").asDouble());
            double found = Math.max(1, node.path("Actual Rows").asDouble());
            if (Math.max(expected / found, found / expected) >= WRONG_ESTIMATE && !relation.isEmpty()) {
                hints.add("Rows of '" + relation + "' were expected to be " + Math.round(expected) + " and were "
                        + Math.round(found) + ": ANALYZE may be due.");
            }
        }
    }

    private double time(JsonNode node) {
        return analyzed
                ? node.path("Actual Total Time").asDouble()
                        * Math.max(1, node.path("Actual Loops").asLong())
                : node.path("Total Cost").asDouble();
    }

    private static long rows(JsonNode node) {
        return Math.round(node.path("Actual Rows").asDouble()
                * Math.max(1, node.path("Actual Loops").asLong()));
    }
}
