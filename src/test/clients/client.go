// Drives the Cloud Manager API with the Digest transport of its Go SDK and command line. Ends with 0 when all went well.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/mongodb-forks/digest"
)

type link struct{ Href, Rel string }

type org struct {
	ID        string
	IsDeleted bool
	Name      string
	Links     []link
}

type list struct {
	Links      []link
	Results    []org
	TotalCount int
}

type problem struct{ ErrorCode string }

var orgs = os.Getenv("OFFSHOOT_URL") + "/api/public/v1.0/orgs"

func open() *http.Client {
	transport := digest.NewTransport(os.Getenv("OFFSHOOT_USER"), os.Getenv("OFFSHOOT_KEY"))
	client, err := transport.Client()
	check(err == nil, "%v", err)
	return client
}

func check(holds bool, format string, values ...any) {
	if !holds {
		log.Fatalf(format, values...)
	}
}

// call sends a body, if there is one, and reads the answer, which has to have that status.
func call[T any](client *http.Client, method, url string, body any, status int) (read T) {
	var sent io.Reader
	if body != nil {
		text, _ := json.Marshal(body)
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, url, sent)
	check(err == nil, "%v", err)
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := client.Do(request)
	check(err == nil, "%s %s: %v", method, url, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(err == nil && answer.StatusCode == status, "%s %s: %d %s %v", method, url, answer.StatusCode, text, err)
	if len(text) > 0 {
		check(json.Unmarshal(text, &read) == nil, "no JSON: %s", text)
	}
	return read
}

func next(links []link) string {
	for _, one := range links {
		if one.Rel == "next" {
			return one.Href
		}
	}
	return ""
}

func main() {
	client := open()
	var created []org
	for i := 0; i < 5; i++ {
		created = append(created, call[org](client, "POST", orgs, map[string]string{"name": fmt.Sprint("go ", i)}, 200))
	}
	seen := map[string]int{}
	for url := orgs + "?itemsPerPage=2"; url != ""; {
		page := call[list](client, "GET", url, nil, 200)
		for _, found := range page.Results {
			seen[found.ID]++
			check(seen[found.ID] == 1, "%s is listed twice", found.ID)
		}
		url = next(page.Links)
	}
	check(len(seen) == 6, "listed: %v", seen)

	one := orgs + "/" + created[0].ID
	check(reflect.DeepEqual(call[org](client, "GET", one+"/", nil, 200), created[0]), "got another one")
	renamed := call[org](client, "PATCH", one, map[string]string{"name": "renamed by go"}, 200)
	check(renamed.Name == "renamed by go", "renamed: %v", renamed)
	check(call[list](client, "GET", orgs+"?name=Renamed+by+GO", nil, 200).TotalCount == 1, "not found by name")
	call[any](client, "DELETE", one, nil, 204)
	check(call[problem](client, "GET", one, nil, 404).ErrorCode == "ORG_NOT_FOUND", "not gone")

	for i := 0; i < 20; i++ {
		call[list](client, "GET", orgs, nil, 200)
	}
	var parallel sync.WaitGroup
	for i := 0; i < 8; i++ {
		parallel.Add(1)
		go func() {
			defer parallel.Done()
			own := open()
			for i := 0; i < 10; i++ {
				call[list](own, "GET", orgs, nil, 200)
			}
		}()
	}
	parallel.Wait()

	build, _ := debug.ReadBuildInfo()
	for _, used := range build.Deps {
		fmt.Println(used.Path, used.Version, runtime.Version())
	}
}
