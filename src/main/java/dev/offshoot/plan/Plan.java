package dev.offshoot.plan;

import java.time.Instant;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation has bought, as the billing system reports it. Only the status is always known, and no rule
 * relates the times to each other.
 *
 * @param customerId the billing system's id of the customer
 * @param productId the billing system's id of the product
 */
public record Plan(
        @BsonProperty("customer_id") @Nullable String customerId,
        @BsonProperty("product_id") @Nullable String productId,
        @BsonProperty("product_name") @Nullable String productName,
        PlanStatus status,
        @BsonProperty("starts_at") @Nullable Instant startsAt,
        @BsonProperty("ends_at") @Nullable Instant endsAt,
        @BsonProperty("canceled_at") @Nullable Instant canceledAt) {}
