package io.qicore.mcp.auth.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.Heads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of keys that changes, without an HTTP server. */
class KeyFileTest {

    private static final String ONE = ApiKey.random();
    private static final String OTHER = ApiKey.random();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void file() throws IOException {
        file = folder.resolve("keys.json");
        write(entry("one", ONE, "read") + "," + entry("other", OTHER, "read"));
    }

    private static String entry(String name, String key, String right) {
        return "{\"name\": \"" + name + "\", \"key\": \"" + key + "\", \"rights\": [\"" + right + "\"]}";
    }

    private void write(String entries) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, "{\"keys\": [" + entries + "]}");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Keys whose file is looked at for each request. */
    private ApiKeys keys() {
        return ApiKeys.fromFile(file, Duration.ofNanos(-1));
    }

    private static Authentication decide(ApiKeys keys, String key) {
        return keys.authenticate(Heads.bearer(key)).toCompletableFuture().join();
    }

    @Test
    void callerOfAKey_isAcceptedAsLongAsTheFileHasTheSameKey() throws Exception {
        ApiKeys keys = keys();
        Caller one = (Caller) decide(keys, ONE);
        Caller other = (Caller) decide(keys, OTHER);
        write(entry("one", ONE, "read"));
        assertThat(keys.stillAccepts(one)).isTrue();
        assertThat(keys.stillAccepts(other)).isFalse();
        assertThat(decide(keys, ONE)).isSameAs(one);
        write(entry("one", ONE, "write"));
        assertThat(keys.stillAccepts(one)).isFalse();
        Caller more = (Caller) decide(keys, ONE);
        assertThat(more.scopes()).containsExactly("write");
        Files.writeString(file, "{\"keys\": [");
        assertThat(keys.stillAccepts(more)).isFalse();
        assertThat(decide(keys, ONE)).isInstanceOf(Denial.class);
        Files.delete(file);
        assertThat(decide(keys, ONE)).isInstanceOf(Denial.class);
        write(entry("one", ONE, "read"));
        assertThat(decide(keys, ONE)).isInstanceOf(Caller.class);
        assertThat(keys.stillAccepts(Caller.of("one"))).isFalse();
    }

    @Test
    void changeOfAFile_isNoticedInTime() throws Exception {
        ApiKeys keys = ApiKeys.fromFile(file);
        assertThat(decide(keys, OTHER)).isInstanceOf(Caller.class);
        write(entry("one", ONE, "read"));
        Awaitility.await().atMost(ApiKeys.RELOAD_INTERVAL).until(() -> decide(keys, OTHER) instanceof Denial);
        assertThat(decide(keys, ONE)).isInstanceOf(Caller.class);
    }

    @Test
    void fileThatIsReplacedAllTheTime_deniesNobody() throws Exception {
        ApiKeys keys = keys();
        CompletableFuture<Integer> replaced = CompletableFuture.supplyAsync(() -> {
            try {
                for (int i = 0; i < 300; i++) {
                    write(entry("one", ONE, "read") + "," + entry("n" + i, ApiKey.random(), "read"));
                }
                return 300;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> refusals(keys, replaced));
        assertThat(refusals(keys, replaced) + second.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(replaced.get(20, TimeUnit.SECONDS)).isEqualTo(300);
    }

    private static int refusals(ApiKeys keys, CompletableFuture<?> end) {
        int refusals = 0;
        do {
            refusals += decide(keys, ONE) instanceof Caller ? 0 : 1;
        } while (!end.isDone());
        return refusals;
    }

    @Test
    void fileThatIsHalfWritten_isGivenAMoment() throws Exception {
        ApiKeys keys = keys();
        String whole = "{\"keys\": [" + entry("one", ONE, "read") + "]}";
        Files.writeString(file, whole.substring(0, whole.length() / 2));
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    try {
                        Files.writeString(file, whole);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                CompletableFuture.delayedExecutor(120, TimeUnit.MILLISECONDS));
        assertThat(decide(keys, ONE)).isInstanceOf(Caller.class);
        assertThat(decide(keys, OTHER)).isInstanceOf(Denial.class);
        writer.join();
    }

    @Test
    void fileOfAnotherEditor_isRead() throws Exception {
        String text =
                "{\"keys\": [\r\n" + entry("one", ONE, "read") + ",\r\n" + entry("one", OTHER, "write") + "]}\r\n\r\n";
        Files.write(file, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8));
        ApiKeys keys = keys();
        // The same name is the same caller, with the rights of the key that it has sent.
        Caller one = (Caller) decide(keys, ONE);
        Caller other = (Caller) decide(keys, OTHER);
        assertThat(one.isSameAs(other)).isTrue();
        assertThat(one.scopes()).containsExactly("read");
        assertThat(other.scopes()).containsExactly("write");
    }

    @Test
    void fileThatCannotBeRead_isRefusedAtTheStart() throws Exception {
        assertThatThrownBy(() -> ApiKeys.fromFile(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> ApiKeys.fromFile(folder)).isInstanceOf(UncheckedIOException.class);
        Files.write(file, new byte[5 << 20]);
        assertThatThrownBy(() -> ApiKeys.fromFile(file)).isInstanceOf(UncheckedIOException.class);
        Files.write(file, "{\"keys\": [".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> ApiKeys.fromFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void textOfAKey_isNotShown() throws Exception {
        assertThat(new KeyList.Entry("one", ONE, null, null, null, null).toString())
                .doesNotContain(ONE);
        assertThat(keys().toString()).contains("2").doesNotContain(ONE);
    }
}
