package dev.offshoot.api.http;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how long a call may take, counted from the request's start without the time that the client took to send the
 * body. After that the client gets a 503 and may try again.
 */
@InterceptorBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface TimeLimit {
    /** The limit of calls that delete a subtree, which wait five seconds for the work that follows. */
    int DELETION_SECONDS = 10;

    /** The limit of calls that list a thousand records, which wait for their turn. */
    int LONG_LIST_SECONDS = 20;

    /** The limit of calls that revoke the keys of a whole subtree. */
    int REVOCATION_SECONDS = 60;

    @Nonbinding
    int seconds() default 2;
}
