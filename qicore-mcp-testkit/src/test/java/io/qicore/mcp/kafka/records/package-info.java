/** The tools for records on a real broker. */
@org.jspecify.annotations.NullMarked
package io.qicore.mcp.kafka.records;
