package io.qicore.mcp.timescale.internal.sql;

/**
 * One token of a SQL text.
 *
 * @param kind what it is
 * @param start index of its first character
 * @param end index after its last character
 * @param text a name as PostgreSQL reads it, a string or parameter without its marks; else as written
 */
record SqlToken(Kind kind, int start, int end, String text) {

    enum Kind {
        /** An unquoted identifier or a key word. */
        WORD,
        /** A quoted identifier. */
        QUOTED,
        /** A quoted identifier with Unicode escapes, which the lexer turns into {@link #QUOTED}. */
        UNICODE_QUOTED,
        /** A string constant without escapes, or with Unicode escapes that have been resolved. */
        STRING,
        /** A string constant with Unicode escapes, which the lexer turns into {@link #STRING}. */
        UNICODE_STRING,
        /** A string constant with backslash escapes. */
        ESCAPE_STRING,
        NUMBER,
        OPERATOR,
        /** One of {@code ( ) [ ] , . ; :}, or {@code ::}. */
        PUNCTUATION,
        /** {@code :name}. */
        PARAMETER
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isPunctuation(String mark) {
        return kind == Kind.PUNCTUATION && text.equals(mark);
    }

    /** Returns whether the token can be a name. */
    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED;
    }
}
