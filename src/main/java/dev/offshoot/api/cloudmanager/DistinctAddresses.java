package dev.offshoot.api.cloudmanager;

import dev.offshoot.failure.Violation;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** No address is on the list twice. */
@Constraint(validatedBy = DistinctAddresses.Validator.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface DistinctAddresses {
    String message() default Violation.IS_REPEATED;

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names the list. */
    class Validator implements ConstraintValidator<DistinctAddresses, AccessListRequest> {
        @Override
        public boolean isValid(AccessListRequest request, ConstraintValidatorContext context) {
            if (request.isDistinct()) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate())
                    .addPropertyNode("accessList")
                    .addConstraintViolation();
            return false;
        }
    }
}
