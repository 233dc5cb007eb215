package dev.offshoot.api.partner;

import static dev.offshoot.usage.ReportedUsage.MAX_FIGURE;

import dev.offshoot.api.partner.ReportUsageRequest.UsageRecordRequest;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** A record has at least one figure, and only a correction, which has a reason, has negative ones. */
@Constraint(validatedBy = UsageFigures.Validator.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface UsageFigures {
    String message() default "{jakarta.validation.constraints.NotNull.message}";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names each figure that breaks the rule. */
    class Validator implements ConstraintValidator<UsageFigures, UsageRecordRequest> {
        @Override
        public boolean isValid(UsageRecordRequest usage, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            if (usage.apiRequests() == null && usage.storageBytes() == null) {
                return violated(context, "apiRequests", context.getDefaultConstraintMessageTemplate());
            }
            var least = usage.reason() == null ? 0 : -MAX_FIGURE;
            var requests = isWithin(usage.apiRequests(), "apiRequests", least, context);
            var storage = isWithin(usage.storageBytes(), "storageBytes", least, context);
            return requests && storage;
        }

        private static boolean isWithin(
                @Nullable Long figure, String name, long least, ConstraintValidatorContext context) {
            var isWithin = figure == null || (figure >= least && figure <= MAX_FIGURE);
            return isWithin || violated(context, name, "must be between " + least + " and " + MAX_FIGURE);
        }

        private static boolean violated(ConstraintValidatorContext context, String name, String message) {
            context.buildConstraintViolationWithTemplate(message)
                    .addPropertyNode(name)
                    .addConstraintViolation();
            return false;
        }
    }
}
