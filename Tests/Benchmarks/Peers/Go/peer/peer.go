// Package peer holds what the server and the client over gRPC-Go share.
package peer

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"os"

	"pulih/echo"
)

// Files are the options that both take.
type Files struct {
	Certificate, Key, Authorities *string
}

// Options declares the options that both take.
func Options() Files {
	return Files{
		Certificate: flag.String("certificate", "", "the own certificate (PEM)"),
		Key:         flag.String("key", "", "the own key (PEM)"),
		Authorities: flag.String("authorities", "", "the trusted authorities (PEM)"),
	}
}

// TLS makes the settings of either side: TLS 1.3, X25519, certificates on both.
// The suite cannot be chosen here; AES-128-GCM is what Go takes first where AES is in hardware.
func (files Files) TLS() *tls.Config {
	own, err := tls.LoadX509KeyPair(*files.Certificate, *files.Key)
	Check(err)
	text, err := os.ReadFile(*files.Authorities)
	Check(err)
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(text)
	return &tls.Config{
		Certificates:     []tls.Certificate{own},
		RootCAs:          authorities,
		ClientCAs:        authorities,
		ClientAuth:       tls.RequireAndVerifyClientCert,
		MinVersion:       tls.VersionTLS13,
		CurvePreferences: []tls.CurveID{tls.X25519},
	}
}

// Check ends the process where something failed.
func Check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const author = "spiffe://pulih.test/facility/rutan-kraksaan/role/counselor/siti"

var session = []byte{
	0x01, 0x99, 0xc6, 0xa0, 0x12, 0x34, 0x75, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67,
}

// Sample is the message that is echoed; the values are those of EchoMessage.sample in
// Tests/Echo/API.
func Sample(number int64) *echo.EchoMessage {
	return &echo.EchoMessage{
		Id:          number,
		Session:     session,
		Participant: "0199c6a0-1111-7222-8333-444455556666",
		Facility:    "rutan-kraksaan",
		Program:     "sosial-6",
		Author:      author,
		Remark:      "Came on time, took part in the group, and asked for a talk tomorrow morning.",
		StartedAt:   1790000000.25,
		EndedAt:     1790003600.5,
		Score:       71.4285,
		Minutes:     60,
		IsClosed:    true,
		Answers:     []int32{0, 1, 2, 3, 4, 0, 1, 2, 3, 4},
	}
}

// IsRight tells whether the message is the one of this number.
func IsRight(message *echo.EchoMessage, number int64) bool {
	return message.Id == number && message.Author == author
}

// IsSame tells whether bytes came back as they were sent.
func IsSame(came, sent []byte) bool {
	return len(came) == len(sent) && bytes.Equal(came[:8], sent[:8]) &&
		bytes.Equal(came[len(came)-8:], sent[len(sent)-8:])
}
