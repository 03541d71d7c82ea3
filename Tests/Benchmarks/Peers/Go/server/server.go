// The echo over gRPC-Go: server.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"pulih/echo"
	"pulih/peer"
)

type service struct{}

func (service) EchoMessages(
	_ context.Context, message *echo.EchoMessage,
) (*echo.EchoMessage, error) {
	return message, nil
}

func (service) EchoBlobs(_ context.Context, blob *echo.EchoBlob) (*echo.EchoBlob, error) {
	return blob, nil
}

func (service) SendMessages(
	request *echo.SendMessagesRequest, stream echo.Echo_SendMessagesServer,
) error {
	for number := int64(0); number < request.Count; number++ {
		if err := stream.Send(peer.Sample(number)); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	files := peer.Options()
	portFile := flag.String("port-file", "", "where to write the port once calls are taken")
	flag.Parse()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	peer.Check(err)
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(files.TLS())))
	echo.RegisterEchoServer(server, service{})
	port := fmt.Sprintln(listener.Addr().(*net.TCPAddr).Port)
	// Written in one step, so that no reader sees half of it.
	peer.Check(os.WriteFile(*portFile+".new", []byte(port), 0o644))
	peer.Check(os.Rename(*portFile+".new", *portFile))
	peer.Check(server.Serve(listener))
}
