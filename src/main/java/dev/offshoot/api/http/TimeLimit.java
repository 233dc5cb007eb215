package dev.offshoot.api.http;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How long a call may take before its client is told to try again later, counted from the request's start. */
@InterceptorBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface TimeLimit {
    /** What a deletion has, with all that it takes along. */
    int DELETION_SECONDS = 60;

    @Nonbinding
    int seconds() default 2;
}
