package dev.offshoot.runtime;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyMint;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.apikey.RootKeys;
import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.runtime.checks.StartRefused;
import dev.offshoot.scope.Located;
import dev.offshoot.settings.Settings;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Parsed;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The root partner and its key. Two replicas may make it at once: its id is fixed, and its key's id is the setting's.
 */
@Singleton
class RootPartner {
    private static final Logger LOG = Logger.getLogger(RootPartner.class);

    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final RootKeys rootKeys;
    private final KeyMint mint;
    private final Settings.Root settings;
    private final Event<NewInstallation> installing;
    private final Clock clock;

    RootPartner(
            OrganisationRepository organisations,
            KeyRepository keys,
            RootKeys rootKeys,
            KeyMint mint,
            Settings config,
            Event<NewInstallation> installing,
            Clock clock) {
        this.organisations = organisations;
        this.keys = keys;
        this.rootKeys = rootKeys;
        this.mint = mint;
        this.settings = config.root();
        this.installing = installing;
        this.clock = clock;
    }

    /**
     * Makes what is missing. Gives the key that an observer of {@link NewInstallation} minted, the one time that it is known. The
     * key comes first, so that a start that is cut off is followed by one that begins anew.
     */
    Uni<Optional<KeySecret>> establish() {
        var configured = settings.key().flatMap(KeySecret::parse);
        return organisations.statuses(List.of(OrgId.ROOT)).chain(there -> {
            var minted = there.isEmpty() && configured.isEmpty() ? firstKey() : Optional.<KeySecret>empty();
            var key = configured.or(() -> minted);
            return key.map(this::add)
                    .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                    .call(() -> organisations.insertRoot(Organisation.root(attributes(), clock.instant())))
                    .call(this::note)
                    .replaceWith(minted);
        });
    }

    private Optional<KeySecret> firstKey() {
        var installation = new NewInstallation();
        installing.fire(installation);
        if (installation.rootKey().isPresent()) {
            return installation.rootKey();
        }
        LOG.warn(
                "The root partner is made without a key, so that nobody can call yet. Set OFFSHOOT_ROOT_KEY to what the"
                        + " argument mint-key prints, and start again.");
        return Optional.empty();
    }

    private Uni<Optional<Located<ApiKey>>> add(KeySecret secret) {
        var wanted = NewKey.unlimited("Root key", List.of(Role.PARTNER));
        var record = mint.record(secret, wanted, List.of(OrgId.ROOT), clock.instant());
        return keys.insertRootKey(record).map(known -> {
            if (!secret.matches(known.record().digest())) {
                throw new StartRefused(
                        "OFFSHOOT_ROOT_KEY has the id of another key. Make a new one with the argument mint-key.");
            }
            return Optional.of(known);
        });
    }

    /** Every start notes it again, which repairs what a start or a rotation that was cut off left out. */
    private Uni<Void> note(Optional<Located<ApiKey>> key) {
        return key.map(known -> rootKeys.note(known.scope(), known.record()))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private NewOrganisation attributes() {
        var name = setting(DisplayName.parse(settings.name()));
        return new NewOrganisation(
                name,
                setting(CountryCode.parse(settings.country())),
                name,
                setting(TimeZoneId.parse(settings.timeZone())),
                null,
                true);
    }

    /** The start checks have seen that it is good. */
    private static <T> T setting(Parsed<T> parsed) {
        return parsed.toOptional().orElseThrow();
    }
}
