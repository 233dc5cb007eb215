package dev.offshoot.api.cloudmanager;

import dev.offshoot.failure.Failure;
import java.util.regex.Pattern;
import org.bson.types.ObjectId;

/** Ids in paths that are 24 lower-case hexadecimal digits, as the tools of this API demand. */
final class HexId {
    private static final Pattern FORM = Pattern.compile("[a-f0-9]{24}");

    private HexId() {}

    /** The id; a malformed one is one that nothing has, and fails with {@link Failure.NotFound}. */
    static ObjectId parse(String text, Failure.Subject subject) {
        if (!FORM.matcher(text).matches()) {
            throw new Failure.NotFound(subject).asException();
        }
        return new ObjectId(text);
    }
}
