package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.read.BodyReader;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Problem.Form;
import dev.offshoot.failure.Violation;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.Parsed;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The body that adds to an access list: an array of objects, each with an {@code ipAddress} or a {@code cidrBlock}. */
final class AccessRequest {
    private static final int MOST = 100;
    private static final String LIST = "accessList";

    private AccessRequest() {}

    static List<AddressRange> read(byte[] body) {
        var ranges = BodyReader.readArray(body, LIST, 1, MOST, AccessRequest::entry);
        var seen = new HashSet<String>();
        if (!ranges.stream().allMatch(range -> seen.add(range.cidr()))) {
            var repeated = new Violation(LIST, Problem.Bare.REPEATED);
            throw new Failure.Invalid(Failure.Source.BODY, List.of(repeated)).asException();
        }
        return ranges;
    }

    private static Optional<AddressRange> entry(BodyReader fields) {
        var address = fields.optionalText("ipAddress", raw -> raw.contains("/") ? malformed() : range(raw));
        var block = fields.optionalText("cidrBlock", AccessRequest::range);
        if (!fields.given("ipAddress") && !fields.given("cidrBlock")) {
            return fields.refuse("ipAddress", Problem.Bare.MISSING);
        }
        return block.or(() -> address);
    }

    private static Parsed<AddressRange> range(String raw) {
        return AddressRange.parse(raw).map(Parsed::good).orElse(malformed());
    }

    private static Parsed<AddressRange> malformed() {
        return Parsed.malformed(Form.ADDRESS);
    }
}
