package dev.offshoot.apikey;

/** The public part of a key: 12 characters of a–z and 0–9. It names the key in lists and logs and opens nothing. */
public record KeyId(String value) {
    public static final int LENGTH = 12;

    @Override
    public String toString() {
        return value;
    }
}
