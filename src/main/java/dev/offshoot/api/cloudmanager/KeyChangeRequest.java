package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.offshoot.apikey.KeyUpdate;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Patch;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body that changes a key. A null is an absent attribute. */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record KeyChangeRequest(
        @Nullable DisplayName desc,
        @Size(min = 1, max = 2) @Nullable List<KeyRole> roles) {

    KeyUpdate toUpdate() {
        return new KeyUpdate(
                Patch.ofNullable(desc).map(DisplayName::text),
                Patch.ofNullable(roles).map(KeyRole::roles),
                Patch.none(),
                Patch.none());
    }
}
