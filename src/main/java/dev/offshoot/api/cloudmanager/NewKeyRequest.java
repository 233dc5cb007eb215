package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.value.DisplayName;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** The body that mints a key. */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record NewKeyRequest(
        @NotNull DisplayName desc,
        @NotNull @Size(min = 1, max = 2) List<KeyRole> roles) {

    NewKey toNewKey() {
        return NewKey.unlimited(desc.text(), KeyRole.roles(roles));
    }
}
