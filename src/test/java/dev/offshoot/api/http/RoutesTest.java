package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a call finds its route, without HTTP. */
class RoutesTest {
    private static final Routes ROUTES = new Routes(List.of(
            Route.of("GET", "/orgs", Role.PARTNER),
            Route.of("POST", "/orgs", Role.PARTNER),
            Route.of("GET", "/orgs/{id}", Role.PARTNER),
            Route.of("DELETE", "/orgs/{id}", Role.PARTNER),
            Route.of("GET", "/orgs/{id}/keys/{key}", Role.PARTNER),
            Route.of("DELETE", "/orgs/{id}/usage", Role.PARTNER),
            Route.of("PUT", "/orgs/named/{name}", Role.PARTNER),
            Route.of("GET", "/orgs/named/{name}", Role.PARTNER),
            Route.of("POST", "/orgs/verify", Role.GATEWAY),
            Route.of("POST", "/orgs/{id}/usage", Role.PARTNER).withGzipBody(1024),
            Route.everything("/authorize", Set.of(Role.GATEWAY))));

    @ParameterizedTest
    @CsvSource({
        "GET, /orgs, /orgs",
        "HEAD, /orgs, /orgs",
        "POST, /orgs, /orgs",
        "GET, /orgs/, /orgs",
        "GET, /orgs///, /orgs",
        "GET, /orgs/x, /orgs/{id}",
        "HEAD, /orgs/x, /orgs/{id}",
        "DELETE, /orgs/x//, /orgs/{id}",
        "GET, /orgs/x/keys/y, /orgs/{id}/keys/{key}",
        "POST, /orgs/verify, /orgs/verify",
        "GET, /orgs/named, /orgs/{id}",
        "GET, /orgs/named/, /orgs/{id}",
        "GET, /orgs/named/x, /orgs/named/{name}",
        "PUT, /orgs/named/usage, /orgs/named/{name}",
        "POST, /orgs/x/usage, /orgs/{id}/usage",
        "GET, /authorize, /authorize/*",
        "PURGE, /authorize/x/y/z, /authorize/*",
        "OPTIONS, /authorize//x, /authorize/*"
    })
    void callFindsTheRouteOfItsMethodAndPath(String method, String path, String route) {
        assertThat(ROUTES.find(method, path)).map(Route::path).contains(route);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/org",
                "/Orgs",
                "/orgs/x/keys",
                "/orgs/x/keys/y/z",
                "/orgs//keys/y",
                "/orgs/x/keys//",
                "//orgs",
                "/x/orgs",
                "/orgs;x=1",
                "/authorized",
                "/authoriz"
            })
    void pathThatIsNobodysIsNotFoundByAnyMethod(String path) {
        for (var method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE")) {
            assertThat(ROUTES.find(method, path)).as(method).isEmpty();
        }
        assertThat(ROUTES.missing(path)).isEqualTo(new Failure.NotFound(Failure.Subject.PATH));
    }

    @ParameterizedTest
    @CsvSource({
        "/orgs, GET HEAD POST",
        "/orgs/, GET HEAD POST",
        "/orgs/x, DELETE GET HEAD",
        "/orgs/x/usage, DELETE POST",
        "/orgs/named, DELETE GET HEAD",
        "/orgs/named/x, GET HEAD PUT",
        "/orgs/named/usage, GET HEAD PUT",
        "/orgs/x/keys/y, GET HEAD"
    })
    void otherMethodIsNotFoundAndThePathsOwnAreNamed(String path, String allowed) {
        var methods = Set.of(allowed.split(" "));

        for (var method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "get")) {
            assertThat(ROUTES.find(method, path).isPresent()).as(method).isEqualTo(methods.contains(method));
        }
        assertThat(ROUTES.missing(path)).isEqualTo(new Failure.MethodNotAllowed(methods));
    }

    /** As the resources see it. */
    @Test
    void pathThatIsWrittenOutIsNotWhatAParameterStandsFor() {
        assertThat(ROUTES.find("GET", "/orgs/verify")).isEmpty();
        assertThat(ROUTES.missing("/orgs/verify")).isEqualTo(new Failure.MethodNotAllowed(Set.of("POST")));
    }

    @Test
    void routeSaysWhoMayCallAndHowLongABodyMayBe() {
        assertThat(ROUTES.find("POST", "/orgs").orElseThrow())
                .extracting(Route::roles, Route::bodyLimit)
                .containsExactly(Set.of(Role.PARTNER), Route.BODY_LIMIT);
        assertThat(ROUTES.find("POST", "/orgs/x/usage").orElseThrow().bodyLimit())
                .isEqualTo(1024);
    }
}
