// Drives the Cloud Manager API with the vendor's Go SDK. Ends with 0 when all went well.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/mongodb-forks/digest"
	"go.mongodb.org/ops-manager/opsmngr"
)

var ctx = context.Background()

func check(holds bool, format string, values ...any) {
	if !holds {
		log.Fatalf(format, values...)
	}
}

func must[T any](value T, _ *opsmngr.Response, err error) T {
	check(err == nil, "%v", err)
	return value
}

// refused demands an error of the service's own with that code.
func refused(err error, code string) {
	var answer *opsmngr.ErrorResponse
	check(errors.As(err, &answer) && answer.ErrorCode == code, "expected %s: %v", code, err)
}

func open() *opsmngr.Client {
	transport, err := digest.NewTransport(os.Getenv("OFFSHOOT_USER"), os.Getenv("OFFSHOOT_KEY")).Client()
	check(err == nil, "%v", err)
	client, err := opsmngr.New(transport, opsmngr.SetBaseURL(os.Getenv("OFFSHOOT_URL")+"/"))
	check(err == nil, "%v", err)
	return client
}

func hasNext(links []*opsmngr.Link) bool {
	for _, link := range links {
		if link.Rel == "next" {
			return true
		}
	}
	return false
}

// organizations creates five and deletes one of them; its own one is the first in the list.
func organizations(client *opsmngr.Client) []*opsmngr.Organization {
	var created []*opsmngr.Organization
	for i := 0; i < 5; i++ {
		name := &opsmngr.Organization{Name: fmt.Sprint("sdk ", i)}
		created = append(created, must(client.Organizations.Create(ctx, name)))
	}
	var listed []*opsmngr.Organization
	for number := 1; ; number++ {
		options := &opsmngr.OrganizationsListOptions{ListOptions: opsmngr.ListOptions{PageNum: number, ItemsPerPage: 2}}
		page, response, err := client.Organizations.List(ctx, options)
		must(page, response, err)
		listed = append(listed, page.Results...)
		current, err := response.CurrentPage()
		check(err == nil && current == number, "page %d: %d %v", number, current, err)
		if !hasNext(page.Links) {
			break
		}
	}
	check(reflect.DeepEqual(listed[1:], created), "listed: %v", listed)
	named := must(client.Organizations.List(ctx, &opsmngr.OrganizationsListOptions{Name: "SDK 3"}))
	check(named.TotalCount == 1 && named.Results[0].ID == created[3].ID, "by name: %v", named)

	gone := created[0].ID
	check(reflect.DeepEqual(must(client.Organizations.Get(ctx, gone)), created[0]), "got another one")
	_, err := client.Organizations.Delete(ctx, gone)
	check(err == nil, "%v", err)
	_, _, err = client.Organizations.Get(ctx, gone)
	refused(err, "ORG_NOT_FOUND")
	check(must(client.Organizations.Projects(ctx, created[1].ID, nil)).TotalCount == 0, "there is a project")
	return created[1:]
}

// rename sends what the SDK has no function for with the SDK's own means.
func rename(client *opsmngr.Client, org string) {
	path := "api/public/v1.0/orgs/" + org
	request, err := client.NewRequest(ctx, http.MethodPatch, path, &opsmngr.Organization{Name: "renamed by the SDK"})
	check(err == nil, "%v", err)
	renamed := new(opsmngr.Organization)
	_, err = client.Do(ctx, request, renamed)
	check(err == nil && renamed.Name == "renamed by the SDK", "renamed: %v %v", renamed, err)
}

func invitations(client *opsmngr.Client, org string) {
	service := client.Organizations
	ada := &opsmngr.Invitation{Username: "ada@example.com", Roles: []string{"ORG_MEMBER"}, TeamIDs: []string{}}
	made := must(service.InviteUser(ctx, org, ada))
	check(made.OrgID == org && made.InviterUsername == os.Getenv("OFFSHOOT_USER"), "invited: %v", made)
	_, _, err := service.InviteUser(ctx, org, ada)
	refused(err, "USER_ALREADY_INVITED")
	must(service.InviteUser(ctx, org, &opsmngr.Invitation{Username: "grace@example.com", Roles: []string{"ORG_OWNER"}}))

	check(len(must(service.Invitations(ctx, org, nil))) == 2, "not listed")
	found := must(service.Invitations(ctx, org, &opsmngr.InvitationOptions{Username: "Ada@Example.com"}))
	check(len(found) == 1 && reflect.DeepEqual(found[0], made), "found: %v", found)
	check(reflect.DeepEqual(must(service.Invitation(ctx, org, made.ID)), made), "got another one")

	owner := &opsmngr.Invitation{Username: "ada@example.com", Roles: []string{"ORG_OWNER"}}
	check(must(service.UpdateInvitation(ctx, org, owner)).Roles[0] == "ORG_OWNER", "not changed")
	reader := &opsmngr.Invitation{Roles: []string{"ORG_READ_ONLY"}}
	changed := must(service.UpdateInvitationByID(ctx, org, made.ID, reader))
	check(changed.ID == made.ID && changed.Roles[0] == "ORG_READ_ONLY", "changed: %v", changed)

	addMember(org)
	_, _, err = service.Invitation(ctx, org, made.ID)
	refused(err, "INVITATION_NOT_FOUND")
	_, _, err = service.InviteUser(ctx, org, ada)
	refused(err, "USER_ALREADY_IN_ORG")
	left := must(service.Invitations(ctx, org, nil))
	check(len(left) == 1, "left: %v", left)
	_, err = service.DeleteInvitation(ctx, org, left[0].ID)
	check(err == nil && len(must(service.Invitations(ctx, org, nil))) == 0, "not removed: %v", err)
}

// addMember adds the invited user as the vendor's own sign-in does.
func addMember(org string) {
	url := os.Getenv("OFFSHOOT_URL") + "/api/v1/organisations/" + org + "/members"
	body := `{"userId":"ada","role":"owner","email":"ada@example.com","name":"Ada Lovelace"}`
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	check(err == nil, "%v", err)
	request.Header.Set("Authorization", "Bearer "+os.Getenv("OFFSHOOT_KEY"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	check(err == nil, "%v", err)
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	check(answer.StatusCode == http.StatusCreated, "%d %s", answer.StatusCode, text)
}

func users(client *opsmngr.Client, org string) {
	all := must(client.Organizations.ListUsers(ctx, org, nil))
	check(all.TotalCount == 1, "users: %v", all)
	ada := all.Results[0]
	check(len(ada.ID) == 24 && ada.Username == "ada@example.com" && ada.LastName == "Lovelace", "user: %v", ada)
	check(ada.Roles[0].OrgID == org && ada.Roles[0].RoleName == "ORG_OWNER", "roles: %v", ada.Roles[0])
}

func keys(client *opsmngr.Client, org string) {
	wanted := &opsmngr.APIKeyInput{Desc: "By the SDK", Roles: []string{"ORG_OWNER"}}
	made := must(client.OrganizationAPIKeys.Create(ctx, org, wanted))
	check(strings.HasPrefix(made.PrivateKey, "osk_"), "no private key")
	check(len(must(client.OrganizationAPIKeys.List(ctx, org, nil))) >= 1, "not listed")
	changed := must(client.OrganizationAPIKeys.Update(ctx, org, made.ID, &opsmngr.APIKeyInput{Desc: "Changed"}))
	check(changed.Desc == "Changed", "changed: %v", changed.Desc)
	check(must(client.OrganizationAPIKeys.Get(ctx, org, made.ID)).Desc == "Changed", "got another one")

	entries := []*opsmngr.AccessListAPIKeysReq{{IPAddress: "192.0.2.1"}, {CidrBlock: "198.51.100.0/24"}}
	check(must(client.AccessListAPIKeys.Create(ctx, org, made.ID, entries)).TotalCount == 2, "no access list")
	check(must(client.AccessListAPIKeys.List(ctx, org, made.ID, nil)).TotalCount == 2, "no access list")
	entry := must(client.AccessListAPIKeys.Get(ctx, org, made.ID, "192.0.2.1"))
	check(entry.IPAddress == "192.0.2.1", "entry: %v", entry)
	_, err := client.AccessListAPIKeys.Delete(ctx, org, made.ID, "198.51.100.0/24")
	check(err == nil, "%v", err)
	check(must(client.AccessListAPIKeys.List(ctx, org, made.ID, nil)).TotalCount == 1, "not removed")

	_, err = client.OrganizationAPIKeys.Delete(ctx, org, made.ID)
	check(err == nil, "%v", err)
	_, _, err = client.OrganizationAPIKeys.Get(ctx, org, made.ID)
	refused(err, "API_KEY_NOT_FOUND")
}

func main() {
	client := open()
	created := organizations(client)
	org := created[0].ID
	rename(client, org)
	invitations(client, org)
	users(client, org)
	keys(client, org)

	build, _ := debug.ReadBuildInfo()
	for _, used := range build.Deps {
		if strings.HasPrefix(used.Path, "go.mongodb.org/") {
			fmt.Println(used.Path, used.Version, runtime.Version())
		}
	}
}
