package io.qicore.mcp.kafka.internal.admin;

/** Is notified after every wait whether a client still gets responses from brokers. Thread-safe. */
interface ResponseListener {

    /** Does nothing, for a client that the application manages. */
    ResponseListener NONE = new ResponseListener() {
        @Override
        public void arrived() {}

        @Override
        public void timedOut() {}

        @Override
        public void refused() {}
    };

    /** A broker responded, with a result or an error. */
    void arrived();

    /** No broker responded before the time limit. */
    void timedOut();

    /** The brokers refused the credentials, or this side refused the brokers. */
    void refused();
}
