/** Internal: JSON Schemas of Java types, made from the serializers and deserializers that Jackson uses for them. */
@NullMarked
package io.qicore.mcp.internal.schema;

import org.jspecify.annotations.NullMarked;
