/**
 * Internal: the lists of tools, the resources, the prompts and the completion of names that the Kafka servers offer. They
 * are assembled from the packages below. May change without notice.
 *
 * <p>Dependencies go in one direction: this package, then {@code topic}, {@code group} and {@code lag}, which hold the
 * tools and do not know each other, then {@code read}, then {@code admin}, then {@code name}.
 */
@NullMarked
package io.qicore.mcp.kafka.internal;

import org.jspecify.annotations.NullMarked;
