package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The data of the answers about one API key. */
public record KeyData(@JsonProperty("api_key") KeyView apiKey) {}
