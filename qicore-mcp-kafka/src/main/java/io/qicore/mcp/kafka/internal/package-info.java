/**
 * Internal: what the Kafka servers offer, put together from the packages below. Lists of tools, resources, prompts, and
 * the completion of names. May change without notice.
 *
 * <p>Dependencies go in one direction: this package, then {@code topic}, {@code group} and {@code lag}, which hold the
 * tools and do not know each other, then {@code read}, then {@code admin}, then {@code name}.
 */
@NullMarked
package io.qicore.mcp.kafka.internal;

import org.jspecify.annotations.NullMarked;
