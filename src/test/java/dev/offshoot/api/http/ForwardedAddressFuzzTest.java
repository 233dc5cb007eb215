package dev.offshoot.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class ForwardedAddressFuzzTest {
    @FuzzTest
    void addressIsThatOfItsOwnText(byte[] input) {
        ForwardedAddress.parse(new String(input, ISO_8859_1))
                .ifPresent(address -> assertThat(ForwardedAddress.parse(address.getHostAddress()))
                        .contains(address));
    }
}
