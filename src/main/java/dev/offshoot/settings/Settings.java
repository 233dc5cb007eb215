package dev.offshoot.settings;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of the service, each with its unit and default. The framework's own settings (port, database, logs) are
 * in {@code application.properties}.
 */
@ConfigMapping(prefix = "offshoot")
public interface Settings {
    /** The value of {@link #demoStore} that keeps nothing. */
    String IN_MEMORY = "memory";

    /** The default of {@link #demoStore}. */
    String DEMO_STORE = "data/offshoot.mv.db";

    /** Marks an installation as a demonstration. If no database is configured, it starts an embedded one. */
    @WithDefault("false")
    boolean demo();

    /** The file of the embedded store. The word {@value #IN_MEMORY} keeps the store in memory. */
    @WithDefault(DEMO_STORE)
    String demoStore();

    Root root();

    KeyEncryption keyEncryption();

    Keys keys();

    Build build();

    TaskQueue taskQueue();

    Http http();

    /**
     * The root partner, who operates the installation. The name, country and zone count only when it is first created.
     */
    interface Root {
        /**
         * The root partner's key, made by {@code mint-key}. A start adds it if it is not known yet; earlier keys stay
         * valid.
         */
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

    /**
     * The key-encryption keys, which seal what has to be read again. Each is written as its id, a colon and 32 bytes in
     * base 64.
     */
    interface KeyEncryption {
        /**
         * The key that seals and opens; made by {@code mint-encryption-key}. A demonstration makes one and keeps it
         * beside its store.
         */
        Optional<String> current();

        /** The earlier current keys, which only open. */
        Optional<List<@WithConverter(Trimmed.class) String>> previous();
    }

    /**
     * How many look-ups that find no key a replica makes. It answers 503 to any more, until the next part of a second.
     */
    interface Keys {
        /** How many in a second, in the long run. Half of them are kept for gateways. */
        @WithDefault("1000")
        int maxUnknownPerSecond();

        /** How many in a second for a client's network: an IPv4 address, or a /64 of IPv6. */
        @WithDefault("100")
        int maxUnknownPerSecondAndNetwork();

        /** How many in a second for a gateway's key, which asks about the keys of its customers. */
        @WithDefault("250")
        int maxUnknownPerSecondAndGateway();

        /**
         * How many at once for a network or a gateway, with the look-ups that are under way. At least as many as the
         * database's gate lets wait and run, so that keys that exist are never refused.
         */
        @WithDefault("1200")
        int unknownBurst();
    }

    /** What the Cloud Manager API reports about the build. The build fills it in. */
    interface Build {
        /** The commit that was built, as 40 hexadecimal digits. */
        String gitHash();

        /** The day of the build, as eight digits. */
        String date();
    }

    /** The queue of the tasks that requests left pending. */
    interface TaskQueue {
        /**
         * How often the queue looks for tasks, as a duration such as {@code 10s}, and how long after the start it begins.
         * With {@code off} it does not.
         */
        @WithDefault("10s")
        String every();
    }

    /** The limits and trust of the HTTP server. */
    interface Http {
        /** How many requests may be under way at once; the server answers 503 to any more. */
        @WithDefault("2048")
        int maxInFlight();

        Connections connections();

        Bodies bodies();

        /** Which pages of documentation are served. The default of a demonstration is {@code all}. */
        @WithDefault("openapi")
        ServedDocuments documents();

        /** How many pages of documentation may be on their way to clients at once; the server answers 503 to any more. */
        @WithDefault("64")
        int maxDocumentsInFlight();

        /** The addresses or blocks of the proxies whose X-Forwarded-* headers are trusted. */
        Optional<List<@WithConverter(Trimmed.class) String>> trustedProxies();
    }

    /** How many connections clients may have, and how long one may be of no use. */
    interface Connections {
        /** How many there may be in all; fewer if the process may not open that many files. */
        @WithDefault("3000")
        int max();

        /** How many there may be of one IPv4 address or one IPv6 network of 64 bits that is no trusted proxy's. */
        @WithDefault("1500")
        int maxPerAddress();

        /** How many requests one HTTP/2 connection may have at once. */
        @WithDefault("100")
        int maxStreams();

        /** How long a connection may have no request, or a part of a request's head. */
        @WithDefault("30s")
        Duration idleTimeout();

        /** How long a client may take to read an answer. */
        @WithDefault("30s")
        Duration answerTimeout();

        /** How many bytes of answers may wait in all to be read by their clients. */
        @WithDefault("32M")
        MemorySize maxUnread();
    }

    /** How much clients may send at once. A body is open from the end of its head until it is whole. */
    interface Bodies {
        /** How many bodies may be open in all. */
        @WithDefault("512")
        int max();

        /** How many bodies of one IPv4 address or one IPv6 network of 64 bits may be open. */
        @WithDefault("256")
        int maxPerAddress();

        /** How many bodies that one key sends may be open. */
        @WithDefault("64")
        int maxPerKey();

        /** How many bytes of all bodies are kept, until their requests end. */
        @WithDefault("16M")
        MemorySize maxBytes();

        /** How many bytes of the bodies of one address are kept. */
        @WithDefault("8M")
        MemorySize maxBytesPerAddress();

        /** How many bytes of the bodies of one key are kept. */
        @WithDefault("4M")
        MemorySize maxBytesPerKey();

        /** How long a body may take. */
        @WithDefault("30s")
        Duration timeout();

        /** How much a body must bring each second on average. */
        @WithDefault("1K")
        MemorySize minBytesPerSecond();

        /** How long a body may take before its rate counts. */
        @WithDefault("5s")
        Duration grace();
    }

    /** The pages of documentation that are served. */
    enum ServedDocuments {
        NONE,
        /** The OpenAPI document of each API. */
        OPENAPI,
        /** The OpenAPI documents, and Swagger UI, which shows them. */
        ALL
    }
}
