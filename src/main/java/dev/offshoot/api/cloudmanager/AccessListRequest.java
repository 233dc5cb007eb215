package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.offshoot.value.AddressRange;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body that adds to an access list: a list of entries. */
@RegisterForReflection
@DistinctAddresses
record AccessListRequest(@Size(min = 1, max = 100) List<@Valid AccessEntryRequest> accessList) {

    /** An address or a block; the block counts where there are both. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    @AddressOrBlock
    record AccessEntryRequest(
            @Nullable InetAddress ipAddress, @Nullable AddressRange cidrBlock) {

        Optional<AddressRange> range() {
            return Optional.ofNullable(cidrBlock)
                    .or(() -> Optional.ofNullable(ipAddress).map(AddressRange::single));
        }
    }

    List<AddressRange> ranges() {
        return accessList.stream()
                .filter(Objects::nonNull)
                .map(AccessEntryRequest::range)
                .flatMap(Optional::stream)
                .toList();
    }

    boolean isDistinct() {
        return new HashSet<>(ranges()).size() == ranges().size();
    }
}
