package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.OrgId;

/**
 * Who reports usage.
 *
 * @param trusted whether the reporter may report for everything in the scope, report corrections, and report for closed
 *     months; otherwise it may report only for the scope's top organisation and open months
 */
public record Reporter(OrgScope scope, boolean trusted) {

    boolean mayReportFor(OrgId organisation) {
        return trusted || organisation.equals(scope.root());
    }
}
