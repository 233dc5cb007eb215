package dev.offshoot.apikey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class KeySecretFuzzTest {
    @FuzzTest
    void keyIsReadAsItIsWrittenOrNotAtAll(byte[] input) {
        var text = new String(input, ISO_8859_1);

        KeySecret.parse(text).ifPresent(key -> {
            assertThat(key.reveal()).isEqualTo(text);
            assertThat(text).startsWith("osk_" + key.id() + "_").contains(key.hint());
            assertThat(key.toString()).doesNotContain(text);
        });
    }
}
