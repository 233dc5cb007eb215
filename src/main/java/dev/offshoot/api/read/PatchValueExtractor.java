package dev.offshoot.api.read;

import dev.offshoot.value.Patch;
import jakarta.inject.Singleton;
import jakarta.validation.valueextraction.ExtractedValue;
import jakarta.validation.valueextraction.ValueExtractor;

/** Applies constraints to the value inside a {@link Patch}, and to nothing if the patch is absent. */
@Singleton
public class PatchValueExtractor implements ValueExtractor<Patch<@ExtractedValue ?>> {
    @Override
    public void extractValues(Patch<?> patch, ValueReceiver receiver) {
        if (patch.given()) {
            receiver.value(null, patch.value());
        }
    }
}
