package dev.offshoot.owed;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Of a stored record, what it owes. */
@RegisterForReflection
public record Owing(@Nullable List<Owed> owed) {
    public Stream<Waiting> waiting() {
        return owed == null ? Stream.empty() : owed.stream().map(Waiting::of);
    }
}
