package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.read.BodyReader;
import dev.offshoot.apikey.KeyUpdate;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Problem.Form;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Parsed;
import dev.offshoot.value.Patch;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The bodies of this API's calls. Attributes that it does not know are ignored, as the original does. */
final class Requests {
    /** The roles of keys that this API shows and handles. */
    static final Set<Role> ROLES = Set.of(Role.ORG_OWNER, Role.ORG_READ_ONLY);

    private Requests() {}

    static DisplayName organisationName(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.requiredText("name", DisplayName::parse);
        return fields.finishLeniently(name::orElseThrow);
    }

    static NewKey newKey(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.requiredText("desc", DisplayName::parseText);
        var roles = fields.requiredTexts("roles", 1, ROLES.size(), Requests::role);
        return fields.finishLeniently(() -> NewKey.unlimited(name.orElseThrow(), distinct(roles.orElseThrow())));
    }

    static KeyUpdate keyChange(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.optionalText("desc", DisplayName::parseText);
        Optional<List<Role>> roles = fields.given("roles")
                ? fields.requiredTexts("roles", 1, ROLES.size(), Requests::role)
                : Optional.empty();
        return fields.finishLeniently(() -> new KeyUpdate(
                name.map(Patch::to).orElse(Patch.none()),
                roles.map(Requests::distinct).map(Patch::to).orElse(Patch.none()),
                Patch.none(),
                Patch.none()));
    }

    private static List<Role> distinct(List<Role> roles) {
        return roles.stream().distinct().sorted().toList();
    }

    private static Parsed<Role> role(String raw) {
        return ROLES.stream()
                .filter(role -> role.name().equals(raw))
                .findFirst()
                .map(Parsed::good)
                .orElse(Parsed.malformed(Form.ROLE));
    }
}
