package dev.offshoot.api.partner;

import dev.offshoot.usage.MonthlyUsage;

/** The data of the answers about usage. */
public record UsageData(UsageView usage) {

    static UsageData of(MonthlyUsage usage) {
        return new UsageData(UsageView.of(usage));
    }
}
