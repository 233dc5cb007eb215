package dev.offshoot.api.documents;

import dev.offshoot.settings.Settings;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The pages of documentation that this installation serves, by their paths. They are computed when the process starts. */
@Singleton
public class Documents {
    private static final String SWAGGER_UI = "swagger-ui/";
    private static final String JSON = ".json";

    /** The OpenAPI documents by their paths; the names are those of the framework's settings. */
    private static final Map<String, String> OPENAPI = Map.of(
            "/q/openapi", OpenApiConstants.DEFAULT_DOCUMENT_NAME,
            "/q/openapi/cloud-manager", "cloud-manager",
            "/q/openapi/monoid", "monoid",
            "/q/openapi/edge", "edge");

    private static final Map<String, String> SWAGGER_UI_FILES = Map.of(
            "index.html", "text/html",
            "swagger-ui.css", "text/css",
            "swagger-ui-bundle.js", "text/javascript",
            "swagger-ui-standalone-preset.js", "text/javascript");

    private final OpenApiDocumentService openApi;
    private final Vertx vertx;
    private final Settings.ServedDocuments served;
    private volatile Map<String, Document> pages = Map.of();

    Documents(OpenApiDocumentService openApi, Vertx vertx, Settings settings) {
        this.openApi = openApi;
        this.vertx = vertx;
        this.served = settings.http().documents();
    }

    void compute(@Observes StartupEvent start) {
        var computed = new HashMap<String, Document>();
        if (served != Settings.ServedDocuments.NONE) {
            OPENAPI.forEach((path, name) -> addOpenApi(computed, path, name));
        }
        if (served == Settings.ServedDocuments.ALL) {
            SWAGGER_UI_FILES.forEach((file, type) -> computed.put("/q/" + SWAGGER_UI + file, file(file, type)));
            computed.put("/q/" + SWAGGER_UI, computed.get("/q/" + SWAGGER_UI + "index.html"));
        }
        pages = Map.copyOf(computed);
    }

    /** The page of that path, in JSON if that is wanted and the page has that form. */
    public Optional<Document> find(String path, boolean inJson) {
        var found = pages.get(inJson ? path + JSON : path);
        return Optional.ofNullable(found == null ? pages.get(path) : found);
    }

    private void addOpenApi(Map<String, Document> computed, String path, String name) {
        var yaml = Document.of("application/yaml", openApi.getDocument(name, Format.YAML));
        computed.put(path, yaml);
        computed.put(path + ".yaml", yaml);
        computed.put(path + ".yml", yaml);
        computed.put(path + JSON, Document.of("application/json", openApi.getDocument(name, Format.JSON)));
    }

    private Document file(String name, String type) {
        return Document.of(
                type, vertx.fileSystem().readFileBlocking(SWAGGER_UI + name).getBytes());
    }
}
