package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ForwardedAddressTest {
    @Test
    void manyColonsTakeNoTime() {
        var began = System.nanoTime();

        for (var i = 0; i < 50; i++) {
            assertThat(ForwardedAddress.parse("[" + ":".repeat(20_000))).isEmpty();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }
}
