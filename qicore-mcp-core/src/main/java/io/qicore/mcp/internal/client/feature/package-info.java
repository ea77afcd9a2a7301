/** Internal: what a client does with tools, resources, prompts, subscriptions and tasks. */
@NullMarked
package io.qicore.mcp.internal.client.feature;

import org.jspecify.annotations.NullMarked;
