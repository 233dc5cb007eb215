package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.cloudmanager.AccessListRequest.AccessEntryRequest;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An entry of an access list has an address or a block. */
@Constraint(validatedBy = AddressOrBlock.Validator.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface AddressOrBlock {
    String message() default "{jakarta.validation.constraints.NotNull.message}";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names the address where there is neither. */
    class Validator implements ConstraintValidator<AddressOrBlock, AccessEntryRequest> {
        @Override
        public boolean isValid(AccessEntryRequest entry, ConstraintValidatorContext context) {
            if (entry.range().isPresent()) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate())
                    .addPropertyNode("ipAddress")
                    .addConstraintViolation();
            return false;
        }
    }
}
