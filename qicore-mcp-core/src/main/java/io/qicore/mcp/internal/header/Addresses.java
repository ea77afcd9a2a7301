package io.qicore.mcp.internal.header;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A set of IP addresses and blocks of them. Never asks a name server. Immutable. */
public final class Addresses {

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final List<Block> blocks;

    /** The addresses whose first {@code bits} bits are those of {@code network}. */
    private record Block(byte[] network, int bits) {

        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % Byte.SIZE;
                if (((address[bit / Byte.SIZE] ^ network[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Creates a set.
     *
     * @param items addresses such as {@code 10.1.2.3} and {@code ::1}, and blocks such as {@code 10.0.0.0/8}
     * @throws IllegalArgumentException if an item is neither
     */
    public Addresses(Collection<String> items) {
        List<Block> parsed = new ArrayList<>();
        for (String item : items) {
            int slash = item.indexOf('/');
            byte[] network = parse(slash < 0 ? item : item.substring(0, slash));
            int bits = network == null ? -1 : bits(slash < 0 ? null : item.substring(slash + 1), network);
            if (network == null || bits < 0) {
                throw new IllegalArgumentException(
                        "'" + item + "' is not an IP address, such as 10.1.2.3, or a block, such as 10.0.0.0/8.");
            }
            parsed.add(new Block(network, bits));
        }
        blocks = List.copyOf(parsed);
    }

    private static int bits(@Nullable String text, byte[] network) {
        int all = network.length * Byte.SIZE;
        if (text == null) {
            return all;
        }
        int bits = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        return bits > all ? -1 : bits;
    }

    /** Returns whether the set contains an address; false for a text that is not an address. */
    public boolean contains(@Nullable String address) {
        if (blocks.isEmpty() || address == null) {
            return false;
        }
        byte[] bytes = parse(address);
        return bytes != null && blocks.stream().anyMatch(block -> block.contains(bytes));
    }

    /** Returns whether a text is an IP address. */
    public static boolean isAddress(String text) {
        return parse(text) != null;
    }

    private static byte @Nullable [] parse(String text) {
        String address = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int zone = address.indexOf('%');
        if (zone >= 0) {
            address = address.substring(0, zone);
        }
        if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }
}
