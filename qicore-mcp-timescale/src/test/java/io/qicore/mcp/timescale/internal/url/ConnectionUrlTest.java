package io.qicore.mcp.timescale.internal.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUrlTest {

    @ParameterizedTest
    @CsvSource({
        "postgresql://db:5433/market, db:5433/market",
        "postgres://u:p@db/market?sslmode=require, db:5432/market",
        "jdbc:postgresql://db:5433/market?user=u&password=p, db:5433/market",
        "'jdbc:postgresql://a:1,b:2/market', 'a,b:1,2/market'",
        "jdbc:postgresql://u:p@db/market, db:5432/market",
        "jdbc:postgresql:market, localhost:5432/market"
    })
    void address_hasNoCredentials(String url, String address) {
        assertThat(ConnectionUrl.parse(url).address()).isEqualTo(address);
    }

    @Test
    void credentialsOfTheUrl_areDecoded() {
        Properties properties = ConnectionUrl.parse("postgresql://us%40er:p%3A+%2Fw@db/market?application_name=mine")
                .properties(new Properties());
        assertThat(properties)
                .containsEntry("user", "us@er")
                .containsEntry("password", "p:+/w")
                .containsEntry("ApplicationName", "mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mysql://u:secret@h/db",
                "http://u:secret@h",
                "postgresql://u:secret%zz@h/db",
                "jdbc:postgresql://h:secretport/db",
                "postgresql://u:secret/x@h/db",
                "u:secret@h/db"
            })
    void urlThatIsNone_isRefusedAndNotShown(String url) {
        Throwable failure = catchThrowable(() -> ConnectionUrl.parse(url));
        assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not a PostgreSQL URL");
        assertThat(failure).hasMessageNotContaining("secret").hasNoCause();
    }
}
