package dev.offshoot.api.cloudmanager;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class DigestCredentialsFuzzTest {
    @FuzzTest
    void credentialsAreWholeOrNotRead(byte[] input) {
        DigestCredentials.parse(new String(input, ISO_8859_1)).ifPresent(credentials -> {
            assertThat(credentials.username()).isNotEmpty();
            assertThat(credentials.countValue()).isBetween(0L, 0xffffffffL);
            assertThat(credentials.areOfOneWhoKnows(new byte[16], "GET")).isFalse();
        });
    }
}
