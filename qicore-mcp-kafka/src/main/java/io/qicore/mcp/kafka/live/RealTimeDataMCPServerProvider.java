package io.qicore.mcp.kafka.live;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.host.MCPServerProvider;
import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaSettings;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Creates {@link RealTimeDataMCPServer}s from {@link KafkaSettings} and {@code REALTIME_…} settings, under the name
 * {@code realtime}.
 */
public final class RealTimeDataMCPServerProvider implements MCPServerProvider {

    static final Setting<String> TOPIC = Setting.text("REALTIME_TOPIC")
            .orElse(RealTimeDataMCPServer.DEFAULT_TOPIC)
            .describedAs("The topic that is read if a call does not name one.");

    static final Setting<PriceFields> FIELDS = Setting.of(
                    "REALTIME_FIELDS", "list of `part=field`", RealTimeDataMCPServerProvider::fields)
            .describedAs(
                    "Where the JSON objects on the topic have the parts of a price, if not in members of these names:"
                            + " symbol, time, open, high, low, close, volume. A field is the name of a member or a JSON Pointer, as in"
                            + " `symbol=s,close=/trade/p`.");

    private static final SettingsTable TABLE = KafkaSettings.table()
            .and(SettingsTable.builder()
                    .add(TOPIC, FIELDS)
                    .openPrefix("REALTIME_")
                    .build());

    /** Creates a provider, for {@link java.util.ServiceLoader}. */
    public RealTimeDataMCPServerProvider() {}

    @Override
    public String name() {
        return "realtime";
    }

    @Override
    public int defaultPort() {
        return 8086;
    }

    @Override
    public SettingsTable settings() {
        return TABLE;
    }

    @Override
    public StatelessMCPServer create(MCPServerConfig config, ServerSettings server) {
        Settings settings = config.read(TABLE);
        return new RealTimeDataMCPServer(
                KafkaConnection.from(settings),
                settings.get(TOPIC),
                settings.find(FIELDS).orElse(PriceFields.DEFAULT),
                KafkaOptions.from(settings).toBuilder().server(server).build());
    }

    private static PriceFields fields(String text) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String item : text.split(",")) {
            int equals = item.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("must be a list such as symbol=s,close=p");
            }
            names.put(
                    item.substring(0, equals).strip(),
                    item.substring(equals + 1).strip());
        }
        try {
            return PriceFields.of(names);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a list such as symbol=s,close=p: " + e.getMessage(), e);
        }
    }
}
