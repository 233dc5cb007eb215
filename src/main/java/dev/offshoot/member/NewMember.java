package dev.offshoot.member;

/**
 * What a caller says of a member to be added.
 *
 * @param userId the client's own identifier of the person, unique in the organisation
 */
public record NewMember(String userId, MemberRole role, Profile profile) {}
