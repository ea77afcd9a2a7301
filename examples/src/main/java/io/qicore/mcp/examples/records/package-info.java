/** A program that shows the last records of a topic whose values have an Avro schema. */
@NullMarked
package io.qicore.mcp.examples.records;

import org.jspecify.annotations.NullMarked;
