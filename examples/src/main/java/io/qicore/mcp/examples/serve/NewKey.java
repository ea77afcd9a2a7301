package io.qicore.mcp.examples.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.apikey.ApiKey;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.tool.Json;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes an API key. */
final class NewKey {

    private static final String USAGE = "Usage: --new-key NAME --rights read,write,destructive,admin";

    private NewKey() {}

    /** Prints a key, which is kept nowhere, and its entry for the file of keys; returns the exit code. */
    static int print(String[] arguments, PrintStream out, PrintStream err) {
        if (arguments.length != 4 || !arguments[0].equals("--new-key") || !arguments[2].equals("--rights")) {
            err.println(USAGE);
            return 2;
        }
        Set<String> rights = Set.copyOf(Arrays.asList(arguments[3].split(",", -1)));
        Set<String> known = Arrays.stream(ToolRights.Right.values())
                .map(ToolRights.Right::scope)
                .collect(Collectors.toSet());
        if (!known.containsAll(rights)) {
            // A misspelt right would make a key that allows nothing.
            err.println("--rights must be one or more of " + new TreeSet<>(known) + ", with commas, not " + arguments[3]
                    + ".");
            err.println(USAGE);
            return 2;
        }
        String text = ApiKey.random();
        ApiKey key;
        try {
            key = ApiKey.of(arguments[1], text, rights);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println(USAGE);
            return 2;
        }
        ObjectNode entry = Json.MAPPER.createObjectNode();
        entry.put("name", key.name()).put("sha256", key.sha256());
        new TreeSet<>(key.rights()).forEach(entry.putArray("rights")::add);
        out.println("Key, for the client; it cannot be shown again: " + text);
        out.println("Entry, for the list \"keys\" in the file of the server: " + entry);
        return 0;
    }
}
