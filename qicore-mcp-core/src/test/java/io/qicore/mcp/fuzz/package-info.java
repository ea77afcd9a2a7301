/** Input that no client should send: a grammar, an oracle, and targets for a coverage-guided fuzzer. */
@NullMarked
package io.qicore.mcp.fuzz;

import org.jspecify.annotations.NullMarked;
