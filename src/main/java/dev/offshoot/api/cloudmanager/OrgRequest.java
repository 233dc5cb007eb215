package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.offshoot.value.DisplayName;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;

/** The body that creates or renames an organisation. */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record OrgRequest(@NotNull DisplayName name) {}
