package io.qicore.mcp.timescale.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.timescale.access.TimescaleConnection;
import org.junit.jupiter.api.Test;
import org.postgresql.PGProperty;

class PoolsTest {

    @Test
    void dataSource_hasOurDefaults_underWhatTheUrlSays() throws Exception {
        var source = Pools.dataSource(new TimescaleConnection(
                "postgresql://urluser:urlpass@db:5433/market?sslmode=require&socketTimeout=7", "user", null));
        assertThat(source.getServerNames()).containsExactly("db");
        assertThat(source.getPortNumbers()).containsExactly(5433);
        assertThat(source.getDatabaseName()).isEqualTo("market");
        assertThat(source.getUser()).isEqualTo("user");
        assertThat(source.getPassword()).isEqualTo("urlpass");
        assertThat(source.getProperty(PGProperty.SSL_MODE)).isEqualTo("require");
        assertThat(source.getProperty(PGProperty.SOCKET_TIMEOUT)).isEqualTo("7");
        assertThat(source.getProperty(PGProperty.TCP_KEEP_ALIVE)).isEqualTo("true");
        assertThat(source.getProperty(PGProperty.APPLICATION_NAME)).isEqualTo("qicore-mcp-timescale");
        assertThat(source.getProperty(PGProperty.LOG_SERVER_ERROR_DETAIL)).isEqualTo("false");
    }
}
