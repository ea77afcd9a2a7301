/** What tools and prompts show: text, pictures, sound and resources. */
@NullMarked
package io.qicore.mcp.content;

import org.jspecify.annotations.NullMarked;
