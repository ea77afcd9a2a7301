/**
 * Skills: instructions for agents, written in Markdown, that a server ships with its tools. An
 * {@link io.qicore.mcp.skill.MCPSkill} is a folder with a {@code SKILL.md} and, if it needs them, further files.
 */
@NullMarked
package io.qicore.mcp.skill;

import org.jspecify.annotations.NullMarked;
