package io.qicore.mcp.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    private final ByteBudget budget = new ByteBudget(1 << 20);

    @Test
    void largeMessages_leaveRoomForSmallOnes() {
        ByteBudget.Share large = budget.share();
        assertThat(large.grow(700 << 10)).isTrue();
        assertThat(budget.share().grow(100 << 10)).isFalse();
        ByteBudget.Share small = budget.share();
        assertThat(small.grow(60 << 10)).isTrue();
        // It is not small any more.
        assertThat(small.grow(60 << 10)).isFalse();
        assertThat(budget.used()).isEqualTo(760 << 10);

        large.release();
        assertThat(small.grow(60 << 10)).isTrue();
        small.release();
        small.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatHandlingNeeds_isGivenBackWhenThereIsAnAnswer() {
        ByteBudget budget = new ByteBudget(1_000_000);
        ByteBudget.Share share = budget.share();
        assertThat(share.grow(1_000)).isTrue();
        assertThat(share.growForHandling(500_000)).isTrue();
        share.handled();
        assertThat(budget.used()).isEqualTo(1_000);
        share.handled();
        assertThat(share.grow(600_000)).isTrue();
        share.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void messageThatNeverFits_isKnown() {
        assertThat(budget.canHold(768 << 10)).isTrue();
        assertThat(budget.canHold((768 << 10) + 1)).isFalse();
    }
}
