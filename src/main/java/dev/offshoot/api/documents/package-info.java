/** The pages of documentation: the OpenAPI document of each API, and Swagger UI. They are computed once and shared. */
@NullMarked
package dev.offshoot.api.documents;

import org.jspecify.annotations.NullMarked;
