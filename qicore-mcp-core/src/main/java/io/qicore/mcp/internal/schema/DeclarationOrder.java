package io.qicore.mcp.internal.schema;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Sorts members in the order of the declaration of their fields, as models see them. Others keep their place at the end. */
final class DeclarationOrder implements Comparator<Member> {

    private final List<Field> fields = new ArrayList<>();

    DeclarationOrder(Class<?> type) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            fields.addAll(0, Arrays.asList(owner.getDeclaredFields()));
        }
    }

    @Override
    public int compare(Member first, Member second) {
        return Integer.compare(position(first), position(second));
    }

    private int position(Member member) {
        int position = member.field() == null ? -1 : fields.indexOf(member.field());
        return position < 0 ? fields.size() : position;
    }
}
