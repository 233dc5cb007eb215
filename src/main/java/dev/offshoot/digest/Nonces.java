package dev.offshoot.digest;

import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that any replica can check without having made them: a time, random bytes, and a MAC over both, in
 * hexadecimal. Nothing is stored of one that is not used. Nonces sort by their time.
 */
@Singleton
public class Nonces {
    /** How long a nonce may be used. */
    static final Duration LIFE = Duration.ofMinutes(5);

    /** How far the clocks of two replicas may be apart. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private static final String MAC = "HmacSHA256";
    private static final int MAC_BYTES = 16;
    private static final int SEED_BYTES = 16;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + 2 * (SEED_BYTES + MAC_BYTES) + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;
    private final Clock clock;

    Nonces(KeyEncryption encryption, Clock clock) {
        this.key = new SecretKeySpec(encryption.derive("digest nonce"), MAC);
        this.clock = clock;
    }

    public String mint() {
        var seed = ByteBuffer.allocate(SEED_BYTES)
                .putLong(clock.millis())
                .putLong(RANDOM.nextLong())
                .array();
        return HexFormat.of().formatHex(seed) + HexFormat.of().formatHex(mac(seed));
    }

    /** When the nonce was made, if one of our replicas made it, however long ago. */
    public Optional<Instant> issuedAt(String nonce) {
        if (!FORM.matcher(nonce).matches()) {
            return Optional.empty();
        }
        var bytes = HexFormat.of().parseHex(nonce);
        var seed = Arrays.copyOf(bytes, SEED_BYTES);
        if (!MessageDigest.isEqual(mac(seed), Arrays.copyOfRange(bytes, SEED_BYTES, bytes.length))) {
            return Optional.empty();
        }
        return Optional.of(Instant.ofEpochMilli(ByteBuffer.wrap(seed).getLong()));
    }

    /** Whether a nonce that was made then may be used now. */
    public boolean isUsable(Instant issued) {
        var now = clock.instant();
        return issued.isAfter(now.minus(LIFE)) && issued.isBefore(now.plus(SKEW));
    }

    private byte[] mac(byte[] seed) {
        try {
            var mac = Mac.getInstance(MAC);
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(seed), MAC_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + MAC, impossible);
        }
    }
}
