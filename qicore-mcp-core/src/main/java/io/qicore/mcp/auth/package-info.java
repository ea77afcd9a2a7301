/**
 * Who calls a server, and who may reach it over HTTP: {@link io.qicore.mcp.auth.Caller} and what decides whether a request has
 * one.
 */
@NullMarked
package io.qicore.mcp.auth;

import org.jspecify.annotations.NullMarked;
