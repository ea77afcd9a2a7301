package io.qicore.mcp.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Attacks servers in processes of their own, as clients do that are broken or mean no good. Prints a line for each attack and
 * the counts last.
 */
final class BadClients {

    private static final int RECOVERY_SECONDS = 60;

    private final String java;
    private final String only;
    private int passed;
    private int failed;

    private BadClients(String java, String only) {
        this.java = java;
        this.only = only;
    }

    /** Takes the path of {@code java} for the servers, a name of this Java, and the number of an attack or nothing. */
    public static void main(String[] arguments) throws Exception {
        BadClients all = new BadClients(arguments[0], arguments.length > 2 ? arguments[2] : "");
        String name = arguments[1];
        for (String transport : List.of("http", "servlet")) {
            all.run("1", name, transport, () -> all.unfinishedBodies(transport));
            all.run("2", name, transport, () -> all.dribblers(transport));
            all.run("3", name, transport, () -> all.unreadAnswers(transport));
        }
        all.run("10", name, "http", all::unfinishedHeads);
        all.run("4", name, "stdio", all::stdio);
        all.run("5", name, "http", all::tasks);
        all.run("6", name, "http", all::listeners);
        for (String transport : List.of("http", "servlet")) {
            all.run("7", name, transport, () -> all.stubbornHandler(transport));
        }
        all.run("7", name, "http", all::keepAliveClients);
        for (String transport : List.of("http", "servlet")) {
            all.run("8", name, transport, () -> all.interrupts(transport));
        }
        all.run("9", name, "http", all::outOfMemory);
        all.run("9", name, "http", all::deadSelector);
        System.out.println(all.passed + " passed, " + all.failed + " failed");
        System.exit(all.failed == 0 ? 0 : 1);
    }

    private void run(String number, String name, String transport, Callable<String> attack) {
        if (!only.isEmpty() && !only.equals(number)) {
            return;
        }
        String result;
        try {
            result = "PASS: " + attack.call();
            passed++;
        } catch (Exception | AssertionError e) {
            result = "FAIL: " + e;
            failed++;
        }
        System.out.println(number + " " + name + " " + transport + " " + result);
    }

    /** 150 clients announce 4 MiB, send nearly all of it, and pause. */
    private String unfinishedBodies(String transport) throws Exception {
        try (Victim victim = new Victim(java, transport);
                Clients clients = new Clients()) {
            byte[] body = new byte[4_000_000];
            Arrays.fill(body, (byte) ' ');
            int cut = 0;
            for (int i = 0; i < 150; i++) {
                BadClient client = clients.add(victim.port());
                try {
                    client.send(BadClient.header(4 << 20, "")).send(body);
                } catch (IOException refused) {
                    cut++;
                }
            }
            long slowest = slowestCall(victim, 50);
            int seconds = untilLargeCallsWork(victim);
            return "150 unfinished bodies of 4 MiB, " + cut + " refused while they were sent; other calls took at most "
                    + slowest + " ms; a body of 3 MB is accepted after " + seconds + " s";
        }
    }

    /** 200 clients send a byte every 4 s. */
    private String dribblers(String transport) throws Exception {
        try (Victim victim = new Victim(java, transport);
                Clients clients = new Clients()) {
            for (int i = 0; i < 200; i++) {
                clients.add(victim.port()).send(BadClient.header(1_000, "") + "{");
            }
            long slowest = 0;
            int left = 200;
            int seconds = 0;
            while (left > 0 && seconds < RECOVERY_SECONDS) {
                slowest = Math.max(slowest, slowestCall(victim, 20));
                Thread.sleep(4_000);
                seconds += 4;
                left = 0;
                for (BadClient client : clients) {
                    try {
                        client.send(" ");
                    } catch (IOException closed) {
                        continue;
                    }
                    left += client.isClosed() ? 0 : 1;
                }
            }
            check(left == 0, left + " dribblers are still connected after " + seconds + " s");
            return "200 dribblers are disconnected after " + seconds + " s; other calls took at most " + slowest
                    + " ms";
        }
    }

    /** 3,000 clients send many short headers and never the end of them. */
    private String unfinishedHeads() throws Exception {
        try (Victim victim = new Victim(java, "http");
                Clients clients = new Clients()) {
            byte[] head = ("POST /mcp HTTP/1.1\r\nHost: localhost\r\n" + "aa:0\r\n".repeat(1_300))
                    .getBytes(StandardCharsets.US_ASCII);
            int refused = 0;
            for (int i = 0; i < 3_000; i++) {
                BadClient client = clients.add(victim.port());
                try {
                    client.send(head);
                } catch (IOException closed) {
                    refused++;
                }
            }
            byte[] fewer = ("POST /mcp HTTP/1.1\r\nHost: localhost\r\n" + "aa:0\r\n".repeat(150) + "a: "
                            + "x".repeat(14_000))
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 3_000; i++) {
                clients.add(victim.port()).send(fewer);
            }
            int seconds = untilLargeCallsWork(victim);
            long slowest = slowestCall(victim, 20);
            return "3,000 heads of 1,300 fields, " + refused
                    + " refused while they were sent, and 3,000 of 14 KB; a body of 3 MB" + " is accepted after "
                    + seconds + " s; then other calls took at most " + slowest + " ms";
        }
    }

    /** 100 clients ask for 4 MB and do not read. */
    private String unreadAnswers(String transport) throws Exception {
        try (Victim victim = new Victim(java, transport);
                Clients clients = new Clients()) {
            for (int i = 0; i < 100; i++) {
                clients.add(victim.port()).send(BadClient.call("repeat", "{\"size\":4000000}"));
            }
            int busy = 0;
            int calls = 0;
            int recovered = 0;
            while (recovered < 10) {
                // The places of the unread calls are taken until their clients are disconnected.
                check(calls < RECOVERY_SECONDS, "the server is still busy after " + calls + " s");
                String answer = call(victim, "echo", "{\"text\":\"hello\"}");
                check(answer.startsWith("200") || answer.startsWith("503"), "another client got " + answer);
                calls++;
                boolean served = answer.startsWith("200");
                busy += served ? 0 : 1;
                recovered = served ? recovered + 1 : 0;
                Thread.sleep(1_000);
            }
            int seconds = untilLargeCallsWork(victim);
            return "100 unread answers of 4 MB; of " + calls + " other calls, one a second, " + busy
                    + " were answered busy; then an answer of 4 MB is sent to a client that reads after " + seconds
                    + " s";
        }
    }

    /** A parent writes and does not read. */
    private String stdio() throws Exception {
        try (Victim victim = new Victim(java, "stdio")) {
            AtomicInteger written = new AtomicInteger();
            Thread writer = new Thread(() -> {
                byte[] line = (BadClient.message(1, "echo", "{\"text\":\"" + "x".repeat(1_000) + "\"}") + "\n")
                        .getBytes(StandardCharsets.US_ASCII);
                try {
                    while (true) {
                        byte[] call = new String(line, StandardCharsets.US_ASCII)
                                .replace("\"id\":1,", "\"id\":" + written.incrementAndGet() + ",")
                                .getBytes(StandardCharsets.US_ASCII);
                        victim.input().write(call);
                        victim.input().flush();
                    }
                } catch (IOException ended) {
                    // The server has been closed.
                }
            });
            writer.setDaemon(true);
            writer.start();
            int most = 0;
            for (int i = 0; i < 50; i++) {
                Thread.sleep(200);
                most = Math.max(most, victim.threads());
            }
            check(most < 400, most + " threads");
            int before = written.get();
            byte[] buffer = new byte[1 << 16];
            long end = System.nanoTime() + Duration.ofSeconds(RECOVERY_SECONDS).toNanos();
            while (written.get() < before + 1_000) {
                check(System.nanoTime() < end, "the server does not read again: " + before + ", " + written);
                check(victim.output().read(buffer) > 0, "the server ended");
            }
            return "a parent that does not read is not read from after " + before + " messages, " + most
                    + " threads; it goes on when the parent reads";
        }
    }

    /** One client starts 11,000 tasks that end at once. */
    private String tasks() throws Exception {
        try (Victim victim = new Victim(java, "http");
                BadClient client = new BadClient(victim.port())) {
            String request = BadClient.modern(
                    "tools/call",
                    "task",
                    "\"name\":\"task\",\"arguments\":{}",
                    "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}");
            int started = 0;
            int busy = 0;
            for (int i = 0; i < 11_000; i++) {
                String answer = client.send(request).answer();
                if (answer.contains("\"taskId\"")) {
                    started++;
                } else {
                    check(answer.contains("BUSY") || answer.contains("-31000"), answer);
                    busy++;
                }
            }
            check(busy > 0, "no task was refused");
            check(!victim.log().contains("\tat "), "stack traces in the log");
            return started + " tasks of one client, then " + busy
                    + " times BUSY and no stack trace; other calls took at most " + slowestCall(victim, 20) + " ms";
        }
    }

    /** 1,000 clients listen for changes. */
    private String listeners() throws Exception {
        try (Victim victim = new Victim(java, "http");
                Clients clients = new Clients()) {
            String listen =
                    BadClient.modern("subscriptions/listen", "", "\"notifications\":{\"toolsListChanged\":true}", "{}");
            for (int i = 0; i < 1_000; i++) {
                clients.add(victim.port()).send(listen);
            }
            for (BadClient client : clients) {
                client.readUntil("acknowledged");
            }
            int threads = victim.threads();
            int most = threads;
            List<Long> micros = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String answer = call(victim, "replace_tools", "{}");
                String text = answer.replaceAll(".*\"structuredContent\":\\{\"text\":\"([0-9]+)\".*", "$1");
                micros.add(Long.parseLong(text));
                most = Math.max(most, victim.threads());
                Thread.sleep(100);
            }
            for (BadClient client : clients) {
                client.readUntil("list_changed");
            }
            micros.sort(null);
            check(most - threads < 64, (most - threads) + " threads more");
            check(micros.get(10) < 100_000, "replaceTools takes " + micros + " us");
            return "1,000 listeners hold replaceTools for " + micros.get(10) / 1e3 + " ms (median of 20, most "
                    + micros.get(19) / 1e3 + "), " + (most - threads) + " threads more";
        }
    }

    /** A handler ignores interrupts while its server stops. */
    private String stubbornHandler(String transport) throws Exception {
        try (Victim victim = new Victim(java, transport);
                BadClient client = new BadClient(victim.port())) {
            client.send(BadClient.call("stubborn", "{}"));
            victim.command("await-stubborn");
            int millis = Integer.parseInt(victim.command("stop"));
            check(millis < 4_500, "stop() took " + millis + " ms");
            check(victim.log().contains("1 calls still run"), "the log does not say that the call still runs");
            return "stop() with a drain time of 3 s takes " + millis + " ms, and the log says that the call still runs";
        }
    }

    /** 16 clients call over and over on connections that they keep, while the server stops. */
    private String keepAliveClients() throws Exception {
        int answers = 0;
        int lost = 0;
        for (int round = 0; round < 5; round++) {
            try (Victim victim = new Victim(java, "http")) {
                AtomicInteger answered = new AtomicInteger();
                AtomicInteger withoutBytes = new AtomicInteger();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    Thread thread = new Thread(() -> callUntilClosed(victim.port(), answered, withoutBytes));
                    thread.start();
                    threads.add(thread);
                }
                // The JVM has compiled what serves a call, as in a server that has run for more than a second.
                while (answered.get() < 2_000) {
                    Thread.sleep(10);
                }
                victim.command("stop");
                for (Thread thread : threads) {
                    thread.join();
                }
                answers += answered.get();
                lost += withoutBytes.get();
            }
        }
        check(lost == 0, lost + " of 80 clients saw no bytes");
        return "5 stops under 16 clients each that keep their connections: " + answers + " answers, none without bytes";
    }

    private static void callUntilClosed(int port, AtomicInteger answered, AtomicInteger withoutBytes) {
        try (BadClient client = new BadClient(port)) {
            while (true) {
                client.send(BadClient.call("echo", "{\"text\":\"hello\"}"));
                String head = client.readUntil("\r\n\r\n").toLowerCase(Locale.ROOT);
                answered.incrementAndGet();
                int at = head.indexOf("content-length: ") + 16;
                client.readBytes(Integer.parseInt(head.substring(at, head.indexOf('\r', at))));
                if (head.contains("connection: close")) {
                    return;
                }
            }
        } catch (IOException e) {
            withoutBytes.incrementAndGet();
        }
    }

    /** Handlers throw their own InterruptedException. */
    private String interrupts(String transport) throws Exception {
        try (Victim victim = new Victim(java, transport);
                BadClient client = new BadClient(victim.port())) {
            String bad = BadClient.call("interrupted", "{}");
            String good = BadClient.call("echo", "{\"text\":\"hello\"}");
            for (int i = 0; i < 50; i++) {
                client.send(bad + good);
                check(client.answer().startsWith("200"), "the call itself is not answered");
                check(client.answer().contains("hello"), "the pipelined request is not answered");
            }
            String batch = "[" + BadClient.message(1, "interrupted", "{}") + ","
                    + BadClient.message(2, "echo", "{\"text\":\"hello\"}") + "]";
            String answer = client.send(
                            BadClient.header(batch.length(), "MCP-Protocol-Version: 2025-03-26\r\n") + batch)
                    .answer();
            check(answer.contains("hello"), answer);
            return "50 pipelined requests and a batch after handlers that leave their thread interrupted";
        }
    }

    private String outOfMemory() throws Exception {
        try (Victim victim = new Victim(java, "http");
                BadClient client = new BadClient(victim.port())) {
            client.send(BadClient.call("exhaust", "{}"));
            int exit = victim.exit(30);
            check(exit == 3, "exit code " + exit);
            return "after an OutOfMemoryError the process ends with code 3 (-XX:+ExitOnOutOfMemoryError)";
        }
    }

    private String deadSelector() throws Exception {
        try (Victim victim = new Victim(java, "http")) {
            check(health(victim) == 200, "the server is not healthy");
            victim.command("deaf");
            check(health(victim) == 0, "the health check is answered without a selector");
            return "the health check is not answered after the selector has died";
        }
    }

    private static int health(Victim victim) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + victim.port() + "/health"))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (HttpTimeoutException e) {
            return 0;
        }
    }

    /** Calls on a new connection each; returns the longest time in milliseconds. */
    private static long slowestCall(Victim victim, int calls) throws IOException {
        long slowest = 0;
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            String answer = call(victim, "echo", "{\"text\":\"hello\"}");
            check(answer.startsWith("200") && answer.contains("hello"), "another client got " + answer);
            slowest = Math.max(slowest, (System.nanoTime() - start) / 1_000_000);
        }
        check(slowest < 5_000, "another client waited " + slowest + " ms");
        return slowest;
    }

    private static int untilLargeCallsWork(Victim victim) throws Exception {
        String text = "{\"text\":\"" + "x".repeat(3_000_000) + "\"}";
        for (int seconds = 0; seconds < RECOVERY_SECONDS; seconds++) {
            check(victim.isAlive(), "the server has ended: " + victim.log());
            try {
                if (call(victim, "echo", text).startsWith("200")
                        && call(victim, "repeat", "{\"size\":4000000}").startsWith("200")) {
                    return seconds;
                }
            } catch (IOException refusedWhileSending) {
                // The server closes the connection of a body that it does not accept.
            }
            Thread.sleep(1_000);
        }
        throw new AssertionError("no large call works after " + RECOVERY_SECONDS + " s");
    }

    private static String call(Victim victim, String tool, String arguments) throws IOException {
        try (BadClient client = new BadClient(victim.port())) {
            return client.send(BadClient.call(tool, arguments)).answer();
        } catch (IOException e) {
            throw new IOException(e.getMessage() + victim.end(), e);
        }
    }

    private static void check(boolean right, String otherwise) {
        if (!right) {
            throw new AssertionError(otherwise);
        }
    }

    /** Clients that are closed together. */
    private static final class Clients implements Iterable<BadClient>, AutoCloseable {

        private final List<BadClient> all = new ArrayList<>();

        BadClient add(int port) throws IOException {
            BadClient client = new BadClient(port);
            all.add(client);
            return client;
        }

        @Override
        public Iterator<BadClient> iterator() {
            return all.iterator();
        }

        @Override
        public void close() {
            all.forEach(BadClient::close);
        }
    }
}
