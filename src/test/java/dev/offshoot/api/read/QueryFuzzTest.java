package dev.offshoot.api.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.value.OrgId;
import java.util.Set;

class QueryFuzzTest {
    /** As a link repeats it. */
    @FuzzTest
    void queryWrittenAgainIsTheSame(byte[] input) {
        var query = Query.of(new String(input, ISO_8859_1));

        var again = Query.of(query.with(Set.of()));

        assertThat(again.values()).isEqualTo(query.values());
        assertThat(again.isWellFormed()).isEqualTo(query.isWellFormed());
    }

    @FuzzTest
    void pageIsWithinItsBoundsOrRefused(byte[] input) {
        var query = QueryReader.of(Query.of(new String(input, ISO_8859_1)));
        try {
            var paging = Paging.read(query, "skip", 100, 50, OrgId::parse);
            query.check();
            assertThat(paging.limit()).isBetween(1, 100);
            assertThat(paging.skip()).isNotNegative();
        } catch (FailureException refused) {
            assertThat(refused.failure()).isInstanceOf(Failure.Invalid.class);
        }
    }
}
