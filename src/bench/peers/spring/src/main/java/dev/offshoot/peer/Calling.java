package dev.offshoot.peer;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the caller among a handler's arguments, and says which roles besides the partner's may call. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@interface Calling {
    String header() default "x-api-key";

    String role() default "PARTNER";

    int refused() default 401;
}
