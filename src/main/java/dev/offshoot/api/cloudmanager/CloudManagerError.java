package dev.offshoot.api.cloudmanager;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * What every refused call of the Cloud Manager API answers.
 *
 * @param error the HTTP status
 * @param parameters the values that the sentence speaks of
 * @param reason the status' phrase
 */
@RegisterForReflection
public record CloudManagerError(String detail, int error, String errorCode, List<String> parameters, String reason) {}
