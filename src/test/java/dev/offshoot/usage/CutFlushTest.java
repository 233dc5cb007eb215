package dev.offshoot.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.scope.Scopes;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.ProxiedInstallation;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A flush whose connection is cut before and after each of its commands. */
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class CutFlushTest {
    @Inject
    UsageDayRepository days;

    @Inject
    Clock clock;

    @AfterEach
    void heal() {
        ProxiedInstallation.proxy().heal();
    }

    /** The first flush of a day has two commands, every later one has one. */
    @ParameterizedTest
    @CsvSource({
        "0, 1, CUT_BEFORE",
        "0, 1, CUT_AFTER",
        "0, 2, CUT_BEFORE",
        "0, 2, CUT_AFTER",
        "5, 1, CUT_BEFORE",
        "5, 1, CUT_AFTER"
    })
    void aCutFlushIsMadeUpForByTheNextAndCountsNothingTwice(long writtenBefore, int command, Action action) {
        // Given
        var organisation = Scopes.ofAnOrganisation();
        var counter = new RequestCounter(days, clock);
        counter.count(organisation, writtenBefore);
        flush(counter);
        counter.count(organisation, 3);

        // When
        ProxiedInstallation.proxy().arm(command, action);
        flush(counter);

        // Then
        assertThat(ProxiedInstallation.proxy().hasActed()).isTrue();
        assertThat(counter.flushLag()).isPositive();
        counter.count(organisation, 2);
        ProxiedInstallation.proxy().heal();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> flush(counter).isZero());
        var day = UsageDay.idOf(organisation.root(), LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        assertThat(days.byIds(organisation, List.of(day)).await().indefinitely())
                .extracting(stored -> stored.figures().apiRequests())
                .containsExactly(writtenBefore + 5);
    }

    private static Duration flush(RequestCounter counter) {
        counter.flush().await().indefinitely();
        return counter.flushLag();
    }
}
