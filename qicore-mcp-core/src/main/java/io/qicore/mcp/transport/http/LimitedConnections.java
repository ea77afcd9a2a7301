package io.qicore.mcp.transport.http;

import java.time.Duration;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Makes connections that accept only so many header fields, and that know since when the head of a request is incomplete. Jetty
 * limits the bytes of a head only, which many short fields multiply, and the silence within it, so that a byte now and then keeps a
 * connection for ever.
 */
final class LimitedConnections extends HttpConnectionFactory {

    /** More than clients and proxies send, and few enough that all connections together can have them. */
    static final int MAX_FIELDS = 200;

    /** The protocol of a TLS connection before the end of its handshake. */
    private static final String NO_SESSION = "NONE";

    LimitedConnections(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        Limited connection = new Limited(getHttpConfiguration(), connector, endPoint);
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        return configure(connection, connector, endPoint);
    }

    /** Closes a connection on which the head of a request, or the handshake of TLS, has been incomplete for longer than it may be. */
    static void closeIfLate(EndPoint endPoint, Duration patience) {
        Connection connection = endPoint.getConnection();
        if (connection instanceof SslConnection tls) {
            boolean shaken = !NO_SESSION.equals(tls.getSSLEngine().getSession().getProtocol());
            if (!shaken && System.currentTimeMillis() - endPoint.getCreatedTimeStamp() > patience.toMillis()) {
                endPoint.close();
            }
            connection = tls.getSslEndPoint().getConnection();
        }
        if (connection instanceof Limited limited && limited.isLate(patience)) {
            endPoint.close();
        }
    }

    private static final class Limited extends HttpConnection {

        // Written by the clock of the transport only.
        private long headOf = -1;
        private long headSince;

        Limited(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        /** Called regularly, since it finds out only by and by how long a head has been incomplete. */
        boolean isLate(Duration patience) {
            HttpParser parser = getParser();
            long now = System.nanoTime();
            if (parser.isStart() || !parser.inHeaderState()) {
                headOf = -1;
            } else if (headOf != getMessagesIn()) {
                headOf = getMessagesIn();
                headSince = now;
            }
            return headOf >= 0 && now - headSince > patience.toNanos();
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new Limits();
        }

        private final class Limits extends RequestHandler {

            private int fields;

            @Override
            public void messageBegin() {
                fields = 0;
                super.messageBegin();
            }

            @Override
            public void parsedHeader(HttpField field) {
                fields++;
                if (fields > MAX_FIELDS) {
                    throw new BadMessageException(
                            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431,
                            "A request may have " + MAX_FIELDS + " header fields at most.");
                }
                super.parsedHeader(field);
            }
        }
    }
}
