package dev.offshoot.organisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.idempotency.Attempt;
import dev.offshoot.value.DisplayName;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class UrlKeyTest {
    @Property
    void mintedKeyIsReadAsItself(@ForAll @StringLength(max = 256) String name) {
        var key = mint(name);

        assertThat(UrlKey.parse(key.text()).toOptional()).contains(key);
    }

    @Test
    void longestKeyIsThatOfALongName() {
        assertThat(mint("a".repeat(256)).text()).hasSize(UrlKey.MAX_LENGTH);
    }

    private static UrlKey mint(String name) {
        return UrlKey.mint(new DisplayName(name), Attempt.once(), "key");
    }
}
