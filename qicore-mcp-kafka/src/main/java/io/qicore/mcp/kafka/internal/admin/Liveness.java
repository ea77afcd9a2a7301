package io.qicore.mcp.kafka.internal.admin;

/** Learns from every call whether a client still gets answers. Thread-safe. */
interface Liveness {

    /** For a client that somebody else looks after. */
    Liveness UNWATCHED = new Liveness() {
        @Override
        public void answered() {}

        @Override
        public void silent() {}
    };

    /** A broker answered, with whatever. */
    void answered();

    /** No broker answered in the time that a call had. */
    void silent();
}
