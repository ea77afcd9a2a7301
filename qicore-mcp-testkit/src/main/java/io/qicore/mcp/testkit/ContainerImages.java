package io.qicore.mcp.testkit;

import java.util.Objects;

/**
 * The container images that {@link StreamingInfrastructure#containers(ContainerImages)} runs.
 *
 * @param redpanda an image of Redpanda
 * @param timescale an image of TimescaleDB, or of any other PostgreSQL
 */
public record ContainerImages(String redpanda, String timescale) {

    private static final String REDPANDA = "docker.redpanda.com/redpandadata/redpanda:v24.3.1";
    private static final String TIMESCALE = "timescale/timescaledb:2.17.2-pg17";

    /** Both images must be given. */
    public ContainerImages {
        Objects.requireNonNull(redpanda, "redpanda");
        Objects.requireNonNull(timescale, "timescale");
    }

    /** Returns images with pinned versions, so that a test always runs on the same ones. */
    public static ContainerImages defaults() {
        return new ContainerImages(REDPANDA, TIMESCALE);
    }

    /** Returns a copy with another image for Redpanda, for example one from a mirror. */
    public ContainerImages withRedpanda(String image) {
        return new ContainerImages(image, timescale);
    }

    /** Returns a copy with another image for TimescaleDB, for example one from a mirror. */
    public ContainerImages withTimescale(String image) {
        return new ContainerImages(redpanda, image);
    }
}
