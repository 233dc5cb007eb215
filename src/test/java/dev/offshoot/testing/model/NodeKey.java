package dev.offshoot.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.PartnerClient.Key;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An API key of the model. */
final class NodeKey {
    private static final int ID_FROM = 4;
    private static final int ID_TO = 16;

    private final String secret;
    private final List<String> roles;
    private final Instant createdAt;
    private String name;
    private @Nullable Instant end;
    private @Nullable Instant revokedAt;

    NodeKey(String secret, String name, List<String> roles, Instant createdAt) {
        this.secret = secret;
        this.name = name;
        this.roles = roles;
        this.createdAt = createdAt;
    }

    String id() {
        return secret.substring(ID_FROM, ID_TO);
    }

    String secret() {
        return secret;
    }

    List<String> roles() {
        return roles;
    }

    String name() {
        return name;
    }

    boolean isRevoked() {
        return revokedAt != null;
    }

    /** A key ends only with a rotation. */
    boolean isRotated() {
        return end != null;
    }

    boolean hasEnded(Instant now) {
        return end != null && !end.isAfter(now);
    }

    void rename(String next) {
        name = next;
    }

    void endAt(Instant time) {
        end = time;
    }

    void revoke(Instant at) {
        revokedAt = at;
    }

    /** When and from where it was last used is another matter. */
    void isShownAs(Key seen) {
        var shown = new Key(
                id(), null, name, roles, seen.hint(), createdAt, null, null, end, List.of(), revokedAt, seen.secret());
        assertThat(seen)
                .usingRecursiveComparison()
                .ignoringFields("lastUsedAt", "lastUsedFrom")
                .isEqualTo(shown);
    }
}
