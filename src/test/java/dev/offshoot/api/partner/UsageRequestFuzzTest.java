package dev.offshoot.api.partner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.offshoot.api.read.Query;
import dev.offshoot.api.read.QueryReader;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;

class UsageRequestFuzzTest {
    @FuzzTest
    void monthIsARealOneOrRefused(byte[] input) {
        var query = QueryReader.of(Query.of(new String(input, ISO_8859_1)));
        try {
            assertThat(UsageRequest.read(query).query().month().getYear()).isBetween(0, 9999);
        } catch (FailureException refused) {
            assertThat(refused.failure()).isInstanceOf(Failure.Invalid.class);
        }
    }
}
