package dev.offshoot.invitation;

import static dev.offshoot.testing.CloudManagerClient.error;
import static dev.offshoot.testing.CloudManagerClient.invitationBody;
import static dev.offshoot.testing.CloudManagerClient.invitePath;
import static dev.offshoot.testing.CloudManagerClient.invitesPath;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Guests;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.Together;
import dev.offshoot.testing.Tree;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invitations expire, and their limits hold, however many are made at the same time. The service is this class's own: once it
 * has seen a nonce of a month later, it takes none of today.
 */
@QuarkusTest
@QuarkusTestResource(value = Installation.class, restrictToAnnotatedClass = true)
class InvitationsTest {
    private static final int AT_ONCE = 64;
    private static final int ROUNDS = 20;
    private static final String ADA = "ada@example.com";

    @Inject
    TaskQueue queue;

    @Inject
    TestClock clock;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);
    private final MonoidClient monoid = MonoidClient.of(partner);
    private final String org = client.create("Org").id();

    @AfterEach
    void reset() {
        clock.reset();
    }

    @Test
    void oneOf64InvitationsOfTheSamePersonIsMade() throws Exception {
        warmUp();

        var answers = Together.run(Collections.nCopies(AT_ONCE, inviting(ADA)));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> assertThat(error(answer, 409).errorCode()).isEqualTo("USER_ALREADY_INVITED"));
        assertThat(client.invites(org, "")).hasSize(1);
        assertThat(Tree.flawsOfInvitations()).isEmpty();
    }

    @Test
    void oneOf64InvitationsReplacesAnExpiredOne() throws Exception {
        warmUp();
        var expired = client.invite(org, ADA, "ORG_OWNER").id();
        Guests.expire(org, ADA);

        var answers = Together.run(Collections.nCopies(AT_ONCE, inviting(ADA)));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(client.invites(org, ""))
                .singleElement()
                .satisfies(made -> assertThat(made.id()).isNotEqualTo(expired))
                .satisfies(made -> assertThat(made.roles()).containsExactly("ORG_MEMBER"));
        assertThat(Guests.stored(org)).isEqualTo(1);
    }

    @Test
    void limitHoldsFor64AtOnce() throws Exception {
        warmUp();
        Guests.fill(org, Invitation.MAX_OPEN - 10);
        var calls = IntStream.range(0, AT_ONCE)
                .mapToObj(number -> inviting("new%d@example.com".formatted(number)))
                .toList();

        var answers = Together.run(calls);

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(10);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> assertThat(error(answer, 409).errorCode()).isEqualTo("LIMIT_EXCEEDED"));
        assertThat(client.invites(org, "")).hasSize(Invitation.MAX_OPEN);
        assertThat(Tree.flawsOfInvitations()).isEmpty();
    }

    @Test
    void limitIsReachedByOpenInvitationsAlone() {
        Guests.fill(org, Invitation.MAX_OPEN - 1);
        client.invite(org, "last@example.com", "ORG_MEMBER");
        monoid.addMember(org, Map.of("userId", "a", "role", "member", "email", ADA));

        var refused = error(invite("more@example.com"), 409);
        assertThat(refused.errorCode()).isEqualTo("LIMIT_EXCEEDED");
        assertThat(refused.detail()).contains("1000");
        assertThat(error(invite("last@example.com"), 409).errorCode()).isEqualTo("USER_ALREADY_INVITED");
        assertThat(error(invite(ADA), 409).errorCode()).isEqualTo("USER_ALREADY_IN_ORG");
        var elsewhere = client.create("Other").id();
        client.invite(elsewhere, "more@example.com", "ORG_MEMBER");

        Guests.expire(org, "guest0007@example.com");
        client.invite(org, "more@example.com", "ORG_MEMBER");
        assertThat(invite("evenmore@example.com").status()).isEqualTo(409);
        client.removeInvitation(
                org, client.invites(org, "?username=last@example.com").get(0).id());
        client.invite(org, "evenmore@example.com", "ORG_MEMBER");
        assertThat(client.invites(org, "")).hasSize(Invitation.MAX_OPEN);
    }

    @Test
    void invitationIsThereFor30DaysAndNoLonger() {
        var made = client.invite(org, ADA, "ORG_MEMBER");

        clock.moveTo(made.expiresAt().minusSeconds(30));
        assertThat(client.invites(org, "")).containsExactly(made);
        assertThat(client.invitation(org, made.id())).isEqualTo(made);
        assertThat(error(invite(ADA), 409).errorCode()).isEqualTo("USER_ALREADY_INVITED");

        clock.moveTo(made.expiresAt());
        assertThat(client.invites(org, "")).isEmpty();
        for (var answer : List.of(
                client.send("GET", invitePath(org, made.id())),
                client.send("PATCH", invitePath(org, made.id()), Map.of("roles", List.of("ORG_OWNER"))),
                client.send("PATCH", invitesPath(org), invitationBody(ADA, "ORG_OWNER")),
                client.send("DELETE", invitePath(org, made.id())))) {
            assertThat(error(answer, 404).errorCode()).isEqualTo("INVITATION_NOT_FOUND");
        }
        var again = client.invite(org, "Ada@Example.com", "ORG_OWNER");
        assertThat(again.id()).isNotEqualTo(made.id());
        assertThat(again.expiresAt()).isEqualTo(again.createdAt().plus(Duration.ofDays(30)));
        assertThat(client.invites(org, "")).containsExactly(again);
    }

    @Test
    void expiredInvitationsAreSwept() {
        var made = client.invite(org, ADA, "ORG_MEMBER");

        runQueueAt(made.expiresAt().minusMillis(1));
        assertThat(Guests.stored(org)).isEqualTo(1);
        runQueueAt(made.expiresAt());

        assertThat(Guests.stored(org)).isZero();
    }

    @Test
    void cutOffInvitationIsConfirmedUnlessThePersonIsAMember() {
        monoid.addMember(org, Map.of("userId", "a", "role", "member"));
        client.invite(org, ADA, "ORG_MEMBER");
        var grace = client.invite(org, "grace@example.com", "ORG_MEMBER");
        monoid.changeMember(org, "a", Map.of("email", "other@example.com"));
        Guests.leavePending(org, ADA);
        Guests.leavePending(org, "grace@example.com");
        Guests.giveAddress(org, "a", ADA);

        queue.runDue(clock).await().indefinitely();

        assertThat(client.invites(org, "")).containsExactly(grace);
        assertThat(Tree.flawsOfInvitations()).isEmpty();
    }

    @Test
    void nobodyIsAMemberAndInvitedWhoIsAddedAndInvitedAtOnce() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var email = "both%d@example.com".formatted(round);
            var member = Map.of("userId", "user" + round, "role", "member", "email", email);
            Callable<Answer> adding = () -> monoid.send("POST", MonoidClient.membersPath(org), member);

            var answers = Together.run(List.of(inviting(email), adding));

            assertThat(answers.get(0).status()).isIn(200, 409);
            assertThat(answers.get(1).status()).isEqualTo(201);
            assertThat(client.invites(org, "")).isEmpty();
        }
        assertThat(Tree.flawsOfInvitations()).isEmpty();
    }

    private Answer invite(String username) {
        return client.send("POST", invitesPath(org), invitationBody(username, "ORG_MEMBER"));
    }

    private Callable<Answer> inviting(String username) {
        return () -> invite(username);
    }

    /** A service that has just been started loads its classes and opens its connections within the first requests. */
    private void warmUp() throws Exception {
        var elsewhere = client.create("Elsewhere").id();
        for (var round = 0; round < 3; round++) {
            var prefix = "warm" + round;
            var calls = IntStream.range(0, AT_ONCE)
                    .<Callable<Answer>>mapToObj(number -> () -> client.send(
                            "POST",
                            invitesPath(elsewhere),
                            invitationBody(prefix + number + "@example.com", "ORG_MEMBER")))
                    .toList();
            assertThat(Together.run(calls)).isNotEmpty();
        }
    }

    private void runQueueAt(Instant time) {
        queue.runDue(Clock.fixed(time, ZoneOffset.UTC)).await().indefinitely();
    }
}
