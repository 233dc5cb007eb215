package dev.offshoot.api.read;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A partial update has to say something. */
@Constraint(validatedBy = AtLeastOneField.Validator.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AtLeastOneField {
    String message() default "must have at least one field";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Looks through the patches. */
    class Validator implements ConstraintValidator<AtLeastOneField, PartialUpdate> {
        @Override
        public boolean isValid(PartialUpdate update, ConstraintValidatorContext context) {
            return update.patches().stream().anyMatch(patch -> patch.given());
        }
    }
}
