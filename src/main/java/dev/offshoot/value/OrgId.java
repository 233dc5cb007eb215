package dev.offshoot.value;

import java.util.regex.Pattern;
import org.bson.types.ObjectId;

/** The id of an organisation: an ObjectId, written as 24 lower-case hexadecimal digits. Minted ids ascend with time. */
public record OrgId(ObjectId value) implements Comparable<OrgId> {

    /** The root partner's id, the same in every installation, so that two replicas can make it at once. */
    public static final OrgId ROOT = new OrgId(new ObjectId("000000000000000000000001"));

    /** What a malformed id is read as: an id that no organisation has, so that looking it up finds nothing. */
    public static final OrgId NOWHERE = new OrgId(new ObjectId("ffffffffffffffffffffffff"));

    public static final String RULE = "must be 24 lower-case hexadecimal digits";

    private static final Pattern FORM = Pattern.compile("[a-f0-9]{24}");

    public static OrgId mint() {
        return new OrgId(new ObjectId());
    }

    /** The id that the text writes, or {@link #NOWHERE}. */
    public static OrgId of(String text) {
        return parse(text).toOptional().orElse(NOWHERE);
    }

    public static Parsed<OrgId> parse(String text) {
        return FORM.matcher(text).matches() ? Parsed.good(new OrgId(new ObjectId(text))) : Parsed.bad(RULE);
    }

    @Override
    public int compareTo(OrgId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toHexString();
    }
}
