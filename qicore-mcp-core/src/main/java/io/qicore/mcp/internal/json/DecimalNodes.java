package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigDecimal;

/**
 * Creates the nodes of trees. A decimal number that would need many zeros becomes a double if that has the same value, because
 * doubles are written with an exponent. So the few bytes of a client's {@code 1e300} do not become hundreds when sent back.
 */
final class DecimalNodes extends JsonNodeFactory {

    private static final long serialVersionUID = 1;

    /** Numbers with a scale in this range have few zeros. */
    private static final int SMALLEST_SCALE = -21;

    private static final int LARGEST_SCALE = 64;

    @Override
    public ValueNode numberNode(BigDecimal value) {
        if (value == null || (value.scale() >= SMALLEST_SCALE && value.scale() <= LARGEST_SCALE)) {
            return super.numberNode(value);
        }
        double number = value.doubleValue();
        boolean same = Double.isFinite(number) && BigDecimal.valueOf(number).compareTo(value) == 0;
        return same ? numberNode(number) : super.numberNode(value);
    }
}
