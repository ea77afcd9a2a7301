/** A server for market data of CryptoCompare. Start with {@link io.qicore.mcp.kafka.cryptocompare.CryptoCompareMCPServer}. */
@NullMarked
package io.qicore.mcp.kafka.cryptocompare;

import org.jspecify.annotations.NullMarked;
