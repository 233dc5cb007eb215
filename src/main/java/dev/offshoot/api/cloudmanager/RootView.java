package dev.offshoot.api.cloudmanager;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** The root document of the API. */
@RegisterForReflection
public record RootView(String appName, String build, List<Link> links, boolean throttling) {}
