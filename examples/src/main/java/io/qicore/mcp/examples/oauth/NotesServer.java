package io.qicore.mcp.examples.oauth;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server with a tool that reads and one that writes. Their annotations decide which scope each of them needs. */
final class NotesServer extends StatelessMCPServer {

    private final List<String> notes = new CopyOnWriteArrayList<>();

    NotesServer(ServerSettings settings) {
        super(new ServerInfo("notes", "1"), settings);
    }

    record Nothing() {}

    record Note(String text) {}

    record Notes(List<String> notes) {}

    @Override
    public List<MCPTool> tools() {
        return List.of(
                MCPTool.builder("list_notes", Nothing.class, Notes.class)
                        .description("Lists the notes, with who wrote them.")
                        .annotations(ToolAnnotations.readOnly())
                        .handler((nothing, context) -> new Notes(List.copyOf(notes)))
                        .build(),
                MCPTool.builder("add_note", Note.class, Notes.class)
                        .description("Adds a note.")
                        .annotations(ToolAnnotations.additive())
                        .handler((note, context) -> {
                            notes.add(context.caller().subject() + ": " + note.text());
                            return new Notes(List.copyOf(notes));
                        })
                        .build());
    }
}
