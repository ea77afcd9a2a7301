/** What authentication costs for each request. */
@NullMarked
package io.qicore.mcp.benchmarks.auth;

import org.jspecify.annotations.NullMarked;
