package dev.offshoot.api.read;

import dev.offshoot.value.OrgId;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Reads an organisation's id out of a path. A malformed one is {@link OrgId#NOWHERE}: a failed look-up like any other. */
@Provider
public class OrgIdConverter implements ParamConverterProvider {
    @Override
    @SuppressWarnings("unchecked") // the class is compared first
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> raw, Type generic, Annotation[] annotations) {
        return raw == OrgId.class ? (ParamConverter<T>) new Converter() : null;
    }

    private static final class Converter implements ParamConverter<OrgId> {
        @Override
        public OrgId fromString(String text) {
            return OrgId.of(text);
        }

        @Override
        public String toString(OrgId id) {
            return id.toString();
        }
    }
}
