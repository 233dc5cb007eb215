module dev.offshoot/clients

go 1.21

require (
	github.com/mongodb-forks/digest v1.1.0
	go.mongodb.org/ops-manager v0.63.0
)

require github.com/google/go-querystring v1.1.0 // indirect
