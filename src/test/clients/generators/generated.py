"""Drives the service with the Python clients that openapi-generator made of its documents. Ends with 0 when all went well."""

import os

import offshoot_monoid
import offshoot_partner
from offshoot_monoid.api.members_api import MembersApi
from offshoot_monoid.api.organisations_api import OrganisationsApi as MonoidOrganisationsApi
from offshoot_monoid.api.plan_api import PlanApi
from offshoot_partner.api.api_keys_api import APIKeysApi
from offshoot_partner.api.organisations_api import OrganisationsApi
from offshoot_partner.api.usage_api import UsageApi

BASE = os.environ["OFFSHOOT_URL"]
KEY = os.environ["OFFSHOOT_KEY"]


def partner_api(key):
    return offshoot_partner.ApiClient(offshoot_partner.Configuration(host=BASE, api_key={"apiKey": key}))


def refused(status, call, *arguments, **named):
    """The error's body, as the document describes it."""
    try:
        call(*arguments, **named)
    except (offshoot_partner.ApiException, offshoot_monoid.ApiException) as error:
        assert error.status == status, error
        return error.data
    raise AssertionError(f"not refused: {call.__name__}")


def drive_partner():
    organisations = OrganisationsApi(partner_api(KEY))
    body = offshoot_partner.CreateOrganisation(
        organisation_name="Generated", country="GB", division_timezone="Europe/London"
    )
    created = organisations.create_organisation(body)
    new = created.data.organisation
    assert created.success and new.organisation_api_key.startswith("osk_"), created
    assert new.partner_api_key is None and new.partner_external_id is None and new.deleted_at is None, new
    body.is_partner = True
    body.partner_external_id = "generated"
    partner = organisations.create_organisation(body).data.organisation
    assert partner.partner_api_key.startswith("osk_") and partner.partner_external_id == "generated", partner

    listed = organisations.get_organisations(limit=100).data
    assert new.organisation_id in [one.organisation_id for one in listed.organisations], listed
    assert listed.pagination.total_results >= 2, listed

    found = organisations.get_organisation(new.organisation_id).data.organisation
    assert found.created_at == new.created_at and found.created_at.tzinfo is not None, found
    assert found.partner_external_id is None and found.deleted_at is None, found

    change = offshoot_partner.UpdateOrganisation(organisation_name="Renamed")
    renamed = organisations.update_organisation(new.organisation_id, change).data.organisation
    assert renamed.organisation_name == "Renamed", renamed
    change = offshoot_partner.UpdateOrganisation(partner_external_id=None)
    cleared = organisations.update_organisation(partner.organisation_id, change).data.organisation
    assert cleared.partner_external_id is None and cleared.organisation_name == "Generated", cleared

    again = offshoot_partner.PutOrganisation(
        organisation_name="Other", country="DE", division_timezone="Europe/Berlin"
    )
    put = organisations.put_organisation_by_external_id("generated/1", again)
    assert put.identifier == "create_organisation_successful" and put.data.organisation.organisation_api_key, put
    put = organisations.put_organisation_by_external_id("generated/1", again)
    assert put.identifier == "get_organisation_successful" and not put.data.organisation.organisation_api_key, put
    by_own_id = organisations.get_organisation_by_external_id("generated/1").data.organisation
    assert by_own_id.organisation_id == put.data.organisation.organisation_id, by_own_id
    found = organisations.get_organisations(partner_external_id="generated/1").data.organisations
    assert [one.organisation_id for one in found] == [by_own_id.organisation_id], found

    drive_keys(new)
    drive_usage(new)

    for one in (new, partner, by_own_id):
        deleted = organisations.delete_organisation(one.organisation_id).data.organisation
        assert deleted.deleted_at is not None, deleted
    missing = refused(404, organisations.get_organisation, new.organisation_id)
    assert missing.identifier == missing.error.code == "organisation_not_found" and not missing.success, missing
    violated = refused(400, organisations.get_organisations, after="5f8f8c44b54764421b7156c3", skip=1)
    assert violated.identifier == "validation_failed" and violated.violation, violated
    anonymous = refused(401, OrganisationsApi(partner_api("osk_nonsense")).get_organisations)
    assert anonymous.identifier == "unauthorised", anonymous


def drive_keys(organisation):
    keys = APIKeysApi(partner_api(KEY))
    mint = offshoot_partner.CreateApiKey(name="Generated", roles=["standard"])
    minted = keys.create_organisation_api_key(organisation.organisation_id, mint).data.api_key
    assert minted.api_key.startswith("osk_") and minted.expires_at is None and minted.last_used_from is None, minted
    verified = keys.verify_api_key(offshoot_partner.VerifyApiKey(api_key=minted.api_key)).data.verification
    assert verified.valid and verified.organisation_id == organisation.organisation_id, verified
    unknown = keys.verify_api_key(offshoot_partner.VerifyApiKey(api_key="unknown")).data.verification
    assert not unknown.valid and unknown.organisation_id is None and unknown.roles is None, unknown


def drive_usage(organisation):
    usage = UsageApi(partner_api(KEY))
    record = offshoot_partner.UsageRecord(
        id="1", organisation_id=organisation.organisation_id, day="2026-04-01", api_requests=7
    )
    results = usage.create_usage_records(offshoot_partner.CreateUsageRecords(records=[record])).data.results
    assert [result.outcome for result in results] == ["recorded"], results
    used = usage.get_organisation_usage(organisation_id=organisation.organisation_id, usage_month="2026-04").data.usage
    assert used.api_requests.total == 7 and used.daily is None, used


def drive_monoid():
    client = offshoot_monoid.ApiClient(offshoot_monoid.Configuration(host=BASE, access_token=KEY))
    organisations, members, plans = MonoidOrganisationsApi(client), MembersApi(client), PlanApi(client)
    new = organisations.create_monoid_organisation(
        offshoot_monoid.CreateOrganisation(id="generated-monoid", name="Generated")
    ).data
    assert new.id == "generated-monoid" and len(new.database_id) == 24, new
    assert new.plan is None and new.members == [], new
    members.add_member(new.id, offshoot_monoid.AddMember(user_id="user-1", role="member"))
    plans.set_plan(new.id, offshoot_monoid.SetPlan(status="trialing"))
    listed = {one.database_id: one for one in organisations.list_monoid_organisations().data}
    assert listed[new.database_id].plan.status == "trialing" and listed[new.database_id].plan.ends_at is None, listed
    assert listed[new.database_id].members[0].email is None, listed
    found = organisations.get_monoid_organisation(new.id).data
    assert found.plan is None and found.members is None, found
    organisations.delete_monoid_organisation(new.id)
    missing = refused(404, organisations.get_monoid_organisation, new.id)
    assert missing.error.code == "organisation_not_found", missing


drive_partner()
drive_monoid()
print("Python clients by openapi-generator: Partner and Monoid")
