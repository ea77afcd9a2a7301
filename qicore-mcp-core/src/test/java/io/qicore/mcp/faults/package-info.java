/** Bad clients, each in a process beside the server that it tries to stop. Run by {@code .ci/faults clients}. */
package io.qicore.mcp.faults;
