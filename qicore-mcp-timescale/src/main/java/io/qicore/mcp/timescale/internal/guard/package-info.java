/**
 * The first wall: decides from the catalogue whether a statement, or a relation that an agent names, can do more than
 * read data of this database.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.guard;

import org.jspecify.annotations.NullMarked;
