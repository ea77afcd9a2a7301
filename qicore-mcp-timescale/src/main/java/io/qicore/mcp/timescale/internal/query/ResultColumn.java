package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.timescale.internal.connect.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.postgresql.core.Field;

/**
 * A column of a result.
 *
 * @param name its label; labels may repeat
 * @param type the name of its type in SQL
 * @param typeName the name of its type in the catalogue
 * @param cell what its values become
 * @param longest most characters of a value as the server writes it; of one that the server cuts, one more than the limit
 */
public record ResultColumn(String name, String type, String typeName, CellType cell, int longest) {

    /** The offset that PostgreSQL adds to a declared length in the type modifier. */
    private static final int MODIFIER_OFFSET = 4;

    /** Returns the columns of described fields. */
    static List<ResultColumn> of(Field[] fields, Session session) throws SQLException {
        Map<Integer, CellTypes.Type> types =
                CellTypes.of(Arrays.stream(fields).map(Field::getOID).toList(), session);
        List<ResultColumn> columns = new ArrayList<>(fields.length);
        for (Field field : fields) {
            CellTypes.Type type = types.get(field.getOID());
            columns.add(new ResultColumn(
                    field.getColumnLabel(),
                    type.sqlName(),
                    type.name(),
                    type.cell(),
                    longest(type, field.getMod() - MODIFIER_OFFSET)));
        }
        return columns;
    }

    /** Returns a computed column whose values are whole numbers. */
    public static ResultColumn ofIntegers(String name) {
        return of(name, CellFormat.INTEGER);
    }

    /** Returns a computed column whose values are text. */
    public static ResultColumn ofText(String name) {
        return of(name, CellFormat.SHORT_TEXT);
    }

    private static ResultColumn of(String name, CellFormat format) {
        return new ResultColumn(name, "text", "text", new CellType.Scalar(format), format.widest());
    }

    /** Returns whether the values are numbers of decimal digits. */
    public boolean isExactNumber() {
        return format() == CellFormat.INTEGER || format() == CellFormat.NUMERIC;
    }

    /** Returns whether the values are binary floats. */
    public boolean isFloat() {
        return format() == CellFormat.FLOAT;
    }

    /** Returns the SQL that selects the text of the value, cut if it can be too long. */
    String sql(String column) {
        return isDeclaredShort() ? column : format().sql(column);
    }

    /** Returns the largest number of characters of a value that is not too long. */
    int most() {
        return format().most();
    }

    private boolean isDeclaredShort() {
        return (format() == CellFormat.NUMERIC || format() == CellFormat.STRING)
                && longest <= JsonRows.MAX_CELL_CHARACTERS;
    }

    private CellFormat format() {
        return cell instanceof CellType.Scalar scalar ? scalar.format() : CellFormat.TEXT;
    }

    /** Returns the largest length. A declared length, as in {@code numeric(20,8)}, makes cutting unnecessary. */
    private static int longest(CellTypes.Type type, int declared) {
        int unknown =
                type.cell() instanceof CellType.Scalar scalar ? scalar.format().widest() : CellFormat.TEXT.widest();
        if (declared < 0) {
            return unknown;
        }
        return switch (type.name()) {
            // A scale may be negative or larger than the precision. Then there are zeros besides the digits.
            case "numeric" -> precision(declared) + Math.abs(scale(declared)) + "-0.".length();
            case "varchar" -> Math.min(unknown, declared);
            default -> unknown;
        };
    }

    private static int precision(int declared) {
        return declared >> 16 & 0xffff;
    }

    /** The lowest 11 bits, of which the first is the sign. */
    private static int scale(int declared) {
        return ((declared & 0x7ff) ^ 0x400) - 0x400;
    }
}
