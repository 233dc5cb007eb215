package dev.offshoot.api.monoid;

import dev.offshoot.api.read.RequestReader;
import dev.offshoot.member.MemberRole;
import dev.offshoot.plan.PlanStatus;
import jakarta.inject.Singleton;
import jakarta.validation.Validator;

/** Reads this API's bodies. A field that a call does not know is a violation. */
@Singleton
class MonoidRequests extends RequestReader {
    MonoidRequests(Validator validator) {
        super(camelCase(validator).text(MemberRole.class, MemberRole::parse).text(PlanStatus.class, PlanStatus::parse));
    }
}
