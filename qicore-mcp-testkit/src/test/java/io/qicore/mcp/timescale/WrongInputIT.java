package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments that are wrong, unusual or at a limit. The error has a code, names the argument, and says what to do instead. */
class WrongInputIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE trades (time timestamptz NOT NULL, symbol text, price float8, volume int)",
                "INSERT INTO trades VALUES ('2026-01-01 00:00+00', 'BTC', 1, 1)",
                "CREATE TABLE \"order\" (time timestamptz, \"user\" text, price int)",
                "CREATE SCHEMA market",
                "CREATE TABLE market.quotes (time timestamptz, bid int)",
                "CREATE SCHEMA \"Odd Schema\"",
                "CREATE TABLE \"Odd Schema\".\"Ticks.Für\" (\"Time\" timestamptz, price int)",
                "INSERT INTO \"Odd Schema\".\"Ticks.Für\" VALUES ('2026-01-01 00:00+00', 7)",
                "CREATE TABLE undated (a int)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "describe_table | {'table': ''} | INVALID_ARGUMENT | write table or schema.table",
                "describe_table | {'table': 'a.b.c'} | INVALID_ARGUMENT | a name with a dot in it in double quotes",
                "describe_table | {'table': 'trade'} | TABLE_NOT_FOUND | Did you mean 'trades'?",
                "describe_table | {'table': 'public.trade'} | TABLE_NOT_FOUND | Did you mean 'trades'?",
                "describe_table | {'table': 'nosuch.trades'} | TABLE_NOT_FOUND | Did you mean 'trades'?",
                "describe_table | {'table': 'quotes'} | TABLE_NOT_FOUND | Did you mean 'market.quotes'?",
                "describe_table | {'table': 'quote'} | TABLE_NOT_FOUND | Did you mean 'market.quotes'?",
                "describe_table | {'table': 'markt.quotes'} | TABLE_NOT_FOUND | Did you mean 'market.quotes'?",
                "describe_table | {'table': 'pg_authid'} | TABLE_NOT_FOUND | Call list_tables",
                "list_tables | {'schema': 'markt'} | SCHEMA_NOT_FOUND | Did you mean 'market'?",
                "list_tables | {'schema': ''} | SCHEMA_NOT_FOUND | Call list_schemas",
                "query | {'sql': 'SELECT * FROM trade'} | TABLE_NOT_FOUND | Did you mean 'trades'?",
                "query | {'sql': 'SELECT * FROM quotes'} | TABLE_NOT_FOUND | Did you mean 'market.quotes'?",
                "query | {'sql': 'SELECT * FROM market.quote'} | TABLE_NOT_FOUND | Did you mean 'market.quotes'?",
                "query | {'sql': 'SELECT x.a FROM trades t'} | TABLE_NOT_FOUND | missing FROM-clause entry",
                "explain_query | {'sql': 'SELECT * FROM trade'} | TABLE_NOT_FOUND | Did you mean 'trades'?",
                "query | {'sql': 'SELECT prise FROM trades'} | COLUMN_NOT_FOUND | prise",
                "query | {'sql': 'EXPLAIN SELECT 1'} | STATEMENT_NOT_ALLOWED | explain_query takes it without EXPLAIN",
                "query | {'sql': 'SELECT 1', 'maxRows': 0} | INVALID_ARGUMENT | 'maxRows' must have a minimum value of 1",
                "query | {'sql': 'SELECT 1 AS a', 'pageBy': ['a'], 'cursor': 'bnVsbA'} | INVALID_ARGUMENT | 'cursor' is not a cursor",
                "get_latest | {'table': 'undated'} | INVALID_ARGUMENT | does not have a column of type timestamp or date",
                "get_latest | {'table': 'trades', 'series': ['BTC']} | INVALID_ARGUMENT | 'series' needs 'groupBy'",
                "get_latest | {'table': 'trades', 'groupBy': 'symbl'} | COLUMN_NOT_FOUND | Did you mean 'symbol'?",
                "get_latest | {'table': 'trades', 'limit': 100000} | INVALID_ARGUMENT | maximum value of 200",
                "get_candlesticks | {'table': 'trades', 'interval': '0 days'} | INVALID_INTERVAL | whole number",
                "get_candlesticks | {'table': 'trades', 'interval': '-1 hour'} | INVALID_INTERVAL | whole number",
                "get_candlesticks | {'table': 'trades', 'interval': '1 month 1 day'} | INVALID_INTERVAL | one whole number",
                "get_candlesticks | {'table': 'trades', 'interval': '0M'} | INVALID_INTERVAL | one whole number",
                "get_candlesticks | {'table': 'trades', 'interval': '1h', 'from': 'yesterday'} | INVALID_ARGUMENT | an age such as 24h",
                "get_candlesticks | {'table': 'trades', 'interval': '1h', 'from': '1h', 'to': '24h'} | INVALID_ARGUMENT"
                        + " | is not before",
                "get_candlesticks | {'table': 'trades', 'interval': '1s', 'from': '2020-01-01', 'to': '2026-01-01'}"
                        + " | TOO_MANY_BUCKETS | Nothing was run",
                "get_time_buckets | {'table': 'trades', 'interval': '1h', 'from': '24h', 'aggregates': ['sum(symbol)']}"
                        + " | INVALID_ARGUMENT | 'symbol' is of type text. Such columns are price, volume.",
                "get_time_buckets | {'table': 'trades', 'interval': '1h', 'from': '24h', 'aggregates': ['avg(prise)']}"
                        + " | COLUMN_NOT_FOUND | Did you mean 'price'?",
                "get_ingest_health | {'table': 'trades', 'window': '0m'} | INVALID_INTERVAL | not a value for window",
                "create_table | {'table': 'nosuch.t', 'columns': [{'name': 'a', 'type': 'int'}]} | SCHEMA_NOT_FOUND | 'nosuch'",
                "create_table | {'table': 't', 'columns': [{'name': 'a', 'type': 'integr'}]} | INVALID_ARGUMENT | Use one of",
                "create_table | {'table': 'A b', 'columns': [{'name': 'a', 'type': 'int'}]} | INVALID_ARGUMENT | letters, digits",
                "cancel_query | {'pid': 0} | QUERY_NOT_FOUND | Call get_health",
            })
    void wrongInput_isNamed_withWhatToDoInstead(String tool, String arguments, String code, String message)
            throws Exception {
        MCPToolError error = world.failure(tool, arguments(arguments));
        assertThat(error.code()).as(error.toString()).isEqualTo(code);
        assertThat(error).hasMessageContaining(message);
        assertThat(error.getMessage() + error.context()).doesNotContain("Exception", "\tat ", "jdbc:", "BTC");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "describe_table | {'table': 'Trades'} | trades",
                "describe_table | {'table': 'order'} | order",
                "describe_table | {'table': '\\\"order\\\"'} | order",
                "describe_table | {'table': '\\\"Odd Schema\\\".\\\"Ticks.Für\\\"'} | Ticks.Für",
                "describe_table | {'table': 'Odd Schema.\\\"Ticks.Für\\\"'} | Ticks.Für",
                "get_latest | {'table': '\\\"Odd Schema\\\".\\\"Ticks.Für\\\"'} | Odd Schema.Ticks.Für",
                "get_latest | {'table': 'order', 'groupBy': 'user'} | public.order",
                "get_time_buckets | {'table': '\\\"Odd Schema\\\".\\\"Ticks.Für\\\"', 'interval': '1h', 'from': '2026-01-01',"
                        + " 'to': '2026-01-02', 'aggregates': ['max(price) as user']} | Odd Schema.Ticks.Für",
            })
    void unusualName_isAccepted(String tool, String arguments, String table) throws Exception {
        assertThat(world.call(tool, arguments(arguments)).path("table").asText())
                .isEqualTo(table);
    }

    private static Map<String, ?> arguments(String text) throws Exception {
        return JSON.convertValue(json(text), new TypeReference<>() {});
    }
}
