package dev.offshoot.value;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class AddressRangeFuzzTest {
    @FuzzTest
    void blockIsThatOfItsOwnText(byte[] input) {
        AddressRange.parse(new String(input, ISO_8859_1))
                .ifPresent(range -> assertThat(AddressRange.parse(range.cidr())).contains(range));
    }
}
