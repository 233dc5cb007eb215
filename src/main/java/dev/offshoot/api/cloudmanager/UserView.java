package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.member.Member;
import dev.offshoot.member.MemberRole;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A member of an organisation as the Cloud Manager API shows it, as a user.
 *
 * @param id its membership's: tools take none but 24 hexadecimal digits
 * @param firstName its name up to the last space; the whole where there is none
 * @param lastName what follows it
 * @param username its e-mail address; the client's own user id where that is not known
 */
@RegisterForReflection
public record UserView(
        @Nullable String emailAddress,
        String firstName,
        String id,
        String lastName,
        List<Link> links,
        List<RoleView> roles,
        List<String> teamIds,
        String username) {

    static UserView of(Incoming request, Member member) {
        var name = Optional.ofNullable(member.name()).orElse("");
        var space = name.lastIndexOf(' ');
        var roleName = member.role() == MemberRole.OWNER ? "ORG_OWNER" : "ORG_MEMBER";
        return new UserView(
                member.email(),
                space < 0 ? name : name.substring(0, space),
                member.membership().toHexString(),
                space < 0 ? "" : name.substring(space + 1),
                List.of(Link.self(href(request, member))),
                List.of(new RoleView(member.organisation().toString(), roleName)),
                List.of(),
                Optional.ofNullable(member.email()).orElse(member.userId()));
    }

    private static String href(Incoming request, Member member) {
        return request.base() + CloudManagerRoutes.BASE + "/orgs/" + member.organisation() + "/users/"
                + member.membership();
    }
}
