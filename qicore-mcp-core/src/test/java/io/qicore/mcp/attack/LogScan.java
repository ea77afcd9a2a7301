package io.qicore.mcp.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Sets the loggers of Logback and of the JDK to their most detailed level, and looks for secrets in what they write. The lines
 * themselves are not kept. Only the HTTP servers keep the level INFO: below it they write whole requests, and the transport warns of that.
 */
final class LogScan {

    /** Long enough not to occur by chance, and a part of a secret that is cut off in a line. */
    private static final int PART = 20;

    /** So many characters of a part are looked up at once; short enough for few lookups, long enough to be rare in other text. */
    private static final int GRAM = 4;

    private static final List<String> HTTP_SERVERS = List.of("org.eclipse.jetty", "org.apache");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger jdkRoot = java.util.logging.Logger.getLogger("");
    private final Level levelBefore = root.getLevel();
    private final java.util.logging.Level jdkLevelBefore = jdkRoot.getLevel();
    private final List<Appender<ILoggingEvent>> appendersBefore = new ArrayList<>();
    private final List<Handler> handlersBefore = List.of(jdkRoot.getHandlers());
    private final Map<Logger, Level> serverLevels = new HashMap<>();
    private final Map<java.util.logging.Logger, java.util.logging.Level> jdkServerLevels = new HashMap<>();
    private final Set<String> parts = ConcurrentHashMap.newKeySet();
    private final Set<String> grams = ConcurrentHashMap.newKeySet();
    private final Set<String> leaks = new ConcurrentSkipListSet<>();
    private final AtomicInteger ownLines = new AtomicInteger();

    /** Not synchronized, since the texts of what is logged can take locks. */
    private final Appender<ILoggingEvent> appender = new UnsynchronizedAppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String failure =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            look(event.getLoggerName(), event.getThreadName() + " " + event.getFormattedMessage() + " " + failure);
        }
    };

    private final Handler handler = new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord line) {
            look(String.valueOf(line.getLoggerName()), formatter.format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private LogScan() {}

    static LogScan start() {
        LogScan scan = new LogScan();
        for (Iterator<Appender<ILoggingEvent>> all = scan.root.iteratorForAppenders(); all.hasNext(); ) {
            scan.appendersBefore.add(all.next());
        }
        // They would write all of it.
        scan.appendersBefore.forEach(scan.root::detachAppender);
        scan.handlersBefore.forEach(scan.jdkRoot::removeHandler);
        scan.appender.setContext(scan.root.getLoggerContext());
        scan.appender.start();
        scan.root.addAppender(scan.appender);
        scan.root.setLevel(Level.TRACE);
        scan.handler.setLevel(java.util.logging.Level.ALL);
        scan.jdkRoot.addHandler(scan.handler);
        scan.jdkRoot.setLevel(java.util.logging.Level.ALL);
        for (String name : HTTP_SERVERS) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            scan.serverLevels.put(logger, logger.getLevel());
            logger.setLevel(Level.INFO);
            java.util.logging.Logger jdkLogger = java.util.logging.Logger.getLogger(name);
            scan.jdkServerLevels.put(jdkLogger, jdkLogger.getLevel());
            jdkLogger.setLevel(java.util.logging.Level.INFO);
        }
        return scan;
    }

    /** A text that must not be in the log from now on; returns it. */
    String secret(String text) {
        // The beginning of a token is the same for all of an issuer, and the end is its signature.
        if (text.length() >= PART) {
            String part = text.substring(text.length() - PART);
            for (int at = 0; at + GRAM <= PART; at++) {
                grams.add(part.substring(at, at + GRAM));
            }
            parts.add(part);
        }
        return text;
    }

    private void look(String logger, String line) {
        if (logger.startsWith("io.qicore.")) {
            ownLines.incrementAndGet();
        }
        // Every occurrence of a part has a gram at one of these places.
        for (int at = 0; at + GRAM <= line.length(); at += PART - GRAM + 1) {
            if (grams.contains(line.substring(at, at + GRAM))) {
                if (parts.stream().anyMatch(line::contains)) {
                    leaks.add(logger);
                }
                return;
            }
        }
    }

    /** Requires that something was logged, and no secret. */
    void assertClean() {
        assertThat(parts).isNotEmpty();
        assertThat(ownLines.get()).as("lines of our own loggers").isPositive();
        assertThat(leaks).as("loggers that have shown a secret").isEmpty();
    }

    /** Restores the levels. */
    void close() {
        root.setLevel(levelBefore);
        root.detachAppender(appender);
        appendersBefore.forEach(root::addAppender);
        jdkRoot.setLevel(jdkLevelBefore);
        jdkRoot.removeHandler(handler);
        handlersBefore.forEach(jdkRoot::addHandler);
        serverLevels.forEach(Logger::setLevel);
        jdkServerLevels.forEach(java.util.logging.Logger::setLevel);
    }
}
