package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.OrgId;

/**
 * Who reports usage.
 *
 * @param trusted may report for everything in the scope, correct, and report for closed months; otherwise only for the
 *     scope's top organisation, and none of these
 */
public record Reporter(OrgScope scope, boolean trusted) {

    boolean mayReportFor(OrgId organisation) {
        return trusted || organisation.equals(scope.root());
    }
}
