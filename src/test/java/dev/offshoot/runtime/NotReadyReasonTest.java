package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoTimeoutException;
import dev.offshoot.runtime.checks.StartRefused;
import org.junit.jupiter.api.Test;

class NotReadyReasonTest {
    @Test
    void refusedUserIsTheReasonWhereverTheDriverSaysSo() {
        var refusal = new MongoSecurityException(
                MongoCredential.createCredential("nobody", "admin", new char[] {'x'}), "refused");
        assertThat(NotReadyReason.of(refusal)).isEqualTo(NotReadyReason.USER_REFUSED);
        assertThat(NotReadyReason.of(new MongoException("the pool is paused", refusal)))
                .isEqualTo(NotReadyReason.USER_REFUSED);
    }

    @Test
    void otherFailuresHaveReasonsOfTheirOwn() {
        assertThat(NotReadyReason.of(new MongoTimeoutException("nobody answers")))
                .isEqualTo(NotReadyReason.DATABASE_UNUSABLE);
        assertThat(NotReadyReason.of(new StartRefused("newer"))).isEqualTo(NotReadyReason.START_REFUSED);
        assertThat(NotReadyReason.of(new IllegalStateException())).isEqualTo(NotReadyReason.UNEXPECTED);
    }
}
