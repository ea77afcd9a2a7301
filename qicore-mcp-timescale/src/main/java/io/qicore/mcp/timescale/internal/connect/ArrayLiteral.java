package io.qicore.mcp.timescale.internal.connect;

import java.util.Collection;

/** Writes arrays of texts as PostgreSQL reads them. */
public final class ArrayLiteral {

    private ArrayLiteral() {}

    /** Returns an array such as <code>{"a","b"}</code>. Each element is quoted, so that it is not read as syntax. */
    public static String of(Collection<String> elements) {
        StringBuilder literal = new StringBuilder("{");
        for (String element : elements) {
            literal.append(literal.length() == 1 ? "" : ",")
                    .append('"')
                    .append(element.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return literal.append('}').toString();
    }
}
