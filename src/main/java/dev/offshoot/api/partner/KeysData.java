package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The data of the answers that list API keys. */
public record KeysData(@JsonProperty("api_keys") List<KeyView> apiKeys, Pagination pagination) {}
