package io.qicore.mcp.timescale.internal.catalog;

/**
 * The features that not every edition and version of TimescaleDB supports.
 *
 * @see <a href="https://docs.timescale.com/about/latest/timescaledb-editions/">TimescaleDB editions</a>
 */
public enum TimescaleFeature {
    /** Hypertables, chunks, sizes. */
    HYPERTABLES("A hypertable", false, 2, 0),
    /** Columnar storage, called compression before 2.18. */
    COLUMNSTORE("The columnstore", true, 2, 0),
    /** Columnstore, retention and refresh policies. */
    POLICIES("A policy", true, 2, 0),
    /** Continuous aggregates. */
    CONTINUOUS_AGGREGATES("A continuous aggregate", true, 2, 7),
    /** Background jobs. */
    JOBS("A background job", true, 2, 0);

    private final String label;
    private final boolean communityOnly;
    private final int major;
    private final int minor;

    TimescaleFeature(String label, boolean communityOnly, int major, int minor) {
        this.label = label;
        this.communityOnly = communityOnly;
        this.major = major;
        this.minor = minor;
    }

    String label() {
        return label;
    }

    boolean communityOnly() {
        return communityOnly;
    }

    int major() {
        return major;
    }

    int minor() {
        return minor;
    }
}
