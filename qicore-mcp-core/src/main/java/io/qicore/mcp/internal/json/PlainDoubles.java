package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Writes doubles of everyday size without an exponent, which Java uses from ten million on and below a thousandth. Language
 * models read 12345678.9 more reliably than 1.23456789E7.
 */
final class PlainDoubles extends StdScalarSerializer<Double> {

    private static final long serialVersionUID = 1;

    /** From this value on and below {@link #PLAIN_BELOW}, Java does not write an exponent. */
    private static final double PLAIN_FROM = 1e-3;

    private static final double PLAIN_BELOW = 1e7;

    /** Below this value and from {@link #LARGEST} on, an exponent is easier to read than many zeros. */
    private static final double SMALLEST = 1e-12;

    private static final double LARGEST = 1e21;

    PlainDoubles() {
        super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
        double size = Math.abs(value);
        if ((size >= PLAIN_BELOW && size < LARGEST) || (size < PLAIN_FROM && size >= SMALLEST)) {
            out.writeNumber(BigDecimal.valueOf(value));
        } else {
            out.writeNumber(value);
        }
    }
}
