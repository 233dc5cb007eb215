package dev.offshoot.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of the service, each with its unit and default. The framework's own (port, database, logs) stand in
 * {@code application.properties}.
 */
@ConfigMapping(prefix = "offshoot")
public interface Settings {
    /** The demo store that keeps nothing. */
    String IN_MEMORY = "memory";

    /** Where the demo store is kept unless told otherwise. */
    String DEMO_STORE = "data/offshoot.mv.db";

    /** Marks an installation as a demonstration: without a database of its own it starts an embedded one. */
    @WithDefault("false")
    boolean demo();

    /** Where the embedded store keeps its file; the word {@value #IN_MEMORY} keeps it in memory. */
    @WithDefault(DEMO_STORE)
    String demoStore();

    Root root();

    KeyEncryption keyEncryption();

    Keys keys();

    Build build();

    TaskQueue taskQueue();

    Http http();

    /** The root partner, the operator of the installation. Name, country and zone count when it is first made. */
    interface Root {
        /** Its partner key, made by {@code mint-key}. Added at start when not known yet; earlier ones live on. */
        Optional<String> key();

        @WithDefault("Root partner")
        String name();

        /** An ISO 3166-1 alpha-2 code. */
        @WithDefault("GB")
        String country();

        /** The id of an IANA time zone. */
        @WithDefault("Etc/UTC")
        String timeZone();
    }

    /** The keys that seal what has to be read again. Each reads as its id, a colon and 32 bytes in base 64. */
    interface KeyEncryption {
        /** Seals, and opens; made by {@code mint-encryption-key}. In a demonstration one is made and kept beside the store. */
        Optional<String> current();

        /** Only open; the keys that were current before. */
        Optional<List<@WithConverter(Trimmed.class) String>> previous();
    }

    /** How keys are looked up. */
    interface Keys {
        /** How many keys that it has never found a replica looks up in a second; for more, the answer is 503. */
        @WithDefault("1000")
        int maxUnknownPerSecond();
    }

    /** What the Cloud Manager API tells of the build, which fills it in. */
    interface Build {
        /** The commit it was made of, 40 hexadecimal digits. */
        String gitHash();

        /** The day it was made, as eight digits. */
        String date();
    }

    /** The queue of what requests left pending. */
    interface TaskQueue {
        /** How often it looks, as a duration such as {@code 10s}. */
        @WithDefault("10s")
        String every();
    }

    /** What the HTTP server takes on. */
    interface Http {
        /** How many requests may be under way at once; one more is answered 503. */
        @WithDefault("1024")
        int maxInFlight();

        /** Addresses or blocks of the proxies whose X-Forwarded-* headers are believed. */
        Optional<List<@WithConverter(Trimmed.class) String>> trustedProxies();
    }
}
