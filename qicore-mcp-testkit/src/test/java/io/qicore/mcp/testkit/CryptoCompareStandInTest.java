package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CryptoCompareStandInTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:30Z");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> received = new CopyOnWriteArrayList<>();

    @Test
    void acceptKey_isThatOfTheRfc() {
        assertThat(WebSocketFrames.answer("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void endpoints_answerAsDocumented() throws Exception {
        try (var service = CryptoCompareStandIn.start(Clock.fixed(NOW, ZoneOffset.UTC))) {
            service.price("BTC", "USD", 1.5);

            assertThat(get(service, "/data/price?fsym=BTC&tsyms=USD,EUR")).isEqualTo("{\"USD\":1.5}");
            assertThat(get(service, "/data/price?fsym=XXX&tsyms=USD"))
                    .contains("\"Response\":\"Error\"", "market does not exist for this coin pair (XXX-USD)");
            assertThat(get(service, "/data/pricemulti?fsyms=BTC,XXX&tsyms=USD")).isEqualTo("{\"BTC\":{\"USD\":1.5}}");
            assertThat(get(service, "/data/v2/histominute?fsym=BTC&tsym=USD&limit=2"))
                    .contains("\"TimeFrom\":1795341480,\"TimeTo\":1795341600")
                    .containsOnlyOnce("\"time\":1795341600");
            assertThat(get(service, "/data/v2/histominute?fsym=BTC&tsym=USD&limit=2001"))
                    .contains("larger than max");
            assertThat(get(service, "/data/v2/histominute?fsym=BTC&tsym=USD&limit=2&toTs=1000000000"))
                    .contains("last 7 days");
            assertThat(get(service, "/data/v2/histoday?fsym=BTC&tsym=USD&limit=1&toTs=1000000000"))
                    .contains("\"close\":0");
            assertThat(get(service, "/data/all/coinlist?summary=true")).contains("\"Symbol\":\"BTC\"");
            assertThat(get(service, "/stats/rate/limit")).contains("\"calls_left\":{\"second\":100000");
            assertThat(get(service, "/nothing")).contains("Path does not exist");
            service.allow(0);
            assertThat(get(service, "/data/price?fsym=BTC&tsyms=USD")).contains("\"Type\":99");
            assertThat(service.requests()).hasSize(11);
        }
    }

    @Test
    void stream_subscribes_sendsPrices_answersPingsAndFragments_andCloses() throws Exception {
        try (var service = CryptoCompareStandIn.start()) {
            service.price("BTC", "USD", 1.5);
            WebSocket socket = connect(service.streamUrl());
            socket.sendText("{\"action\":\"SubAdd\",", false).get(5, TimeUnit.SECONDS);
            socket.sendPing(ByteBuffer.wrap(new byte[] {7})).get(5, TimeUnit.SECONDS);
            socket.sendText("\"subs\":[\"5~CCCAGG~BTC~USD\",\"5~CCCAGG~XXX~USD\"]}", true)
                    .get(5, TimeUnit.SECONDS);
            await().until(() -> service.subscriptions() == 1);
            service.price("BTC", "USD", 2.5);
            service.streamFragments("{\"TYPE\":\"999\",\"long\":\"" + "é".repeat(70_000) + "\"}", 1_001);
            service.streamText("x".repeat(70_000));

            await().until(() -> received.stream().anyMatch(text -> text.length() == 70_000));
            assertThat(received).anyMatch(text -> text.contains("STREAMERWELCOME"));
            assertThat(received).contains("pong 7");
            assertThat(received).anyMatch(text -> text.contains("INVALID_SUB") && text.contains("XXX"));
            assertThat(received).anyMatch(text -> text.contains("\"PRICE\":1.5"));
            assertThat(received).anyMatch(text -> text.contains("\"PRICE\":2.5"));
            assertThat(received).anyMatch(text -> text.endsWith("éé\"}"));
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
            await().until(() -> service.streamConnections() == 0);
            assertThat(received).contains("close 1000");
        }
    }

    @Test
    void stream_refusesWrongKeysAndPlainRequests() throws Exception {
        try (var service = CryptoCompareStandIn.start()) {
            service.requireKey("k");
            connect(URI.create(service.streamUrl() + "?api_key=wrong"));
            await().until(() -> received.contains("close 1008"));
            assertThat(received.get(0)).contains("\"TYPE\":\"401\"");
            var plain = URI.create(service.streamUrl().toString().replace("ws:", "http:"));
            assertThat(http.send(HttpRequest.newBuilder(plain).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    private String get(CryptoCompareStandIn service, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(service.url() + path)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private WebSocket connect(URI url) throws Exception {
        return http.newWebSocketBuilder()
                .buildAsync(url, new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        text.append(data);
                        if (last) {
                            received.add(text.toString());
                            text.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
                        received.add("pong " + message.get());
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        received.add("close " + code);
                        return null;
                    }
                })
                .get(5, TimeUnit.SECONDS);
    }
}
