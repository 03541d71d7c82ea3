// Makes the calls of one case over gRPC-Go and measures them.
package main

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"flag"
	"io"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	grpcpeer "google.golang.org/grpc/peer"

	"pulih/echo"
	"pulih/peer"
)

var (
	address = flag.String("address", "", "where the server listens: HOST:PORT")
	load    = flag.String("case", "", "what to measure")
	seconds = flag.Float64("seconds", 1, "length of the measured window")
	warmup  = flag.Float64("warmup", 0.3, "how long to make calls before it, in seconds")

	// Suite and group of the last connection.
	negotiated  = "not told"
	settings    *tls.Config
	wrongAnswer = errors.New("an answer was not what had been sent")
)

// connection is one connection of its own.
type connection struct {
	channel *grpc.ClientConn
	echo.EchoClient
}

func span(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// connected makes a connection that has made one call.
func connected() connection {
	channel, err := grpc.Dial(
		*address, grpc.WithTransportCredentials(credentials.NewTLS(settings.Clone())))
	peer.Check(err)
	result := connection{channel, echo.NewEchoClient(channel)}
	var from grpcpeer.Peer
	peer.Check(result.echo(1, grpc.Peer(&from)))
	if info, ok := from.AuthInfo.(credentials.TLSInfo); ok {
		// Go 1.19 does not tell the group; only one is offered.
		negotiated = tls.CipherSuiteName(info.State.CipherSuite) + " X25519"
	}
	return result
}

func (connection connection) echo(number int64, options ...grpc.CallOption) error {
	reply, err := connection.EchoMessages(context.Background(), peer.Sample(number), options...)
	if err == nil && !peer.IsRight(reply, number) {
		err = wrongAnswer
	}
	return err
}

func (connection connection) blob(bytes []byte) error {
	reply, err := connection.EchoBlobs(context.Background(), &echo.EchoBlob{Bytes: bytes})
	if err == nil && !peer.IsSame(reply.Bytes, bytes) {
		err = wrongAnswer
	}
	return err
}

func (connection connection) stream(count int64) error {
	stream, err := connection.SendMessages(
		context.Background(), &echo.SendMessagesRequest{Count: count})
	if err != nil {
		return err
	}
	for number := int64(0); ; number++ {
		message, err := stream.Recv()
		if err == io.EOF && number == count {
			return nil
		}
		if err != nil {
			return err
		}
		if !peer.IsRight(message, number) {
			return wrongAnswer
		}
	}
}

// inFlight makes calls from so many goroutines on each connection; a call counts where it ends
// within the window.
func inFlight(connections, calls int, worker func(connection, int) func() error) {
	var all []connection
	for index := 0; index < connections; index++ {
		all = append(all, connected())
	}
	begin := time.Now().Add(span(*warmup))
	end := begin.Add(span(*seconds))
	var total latencies
	var lock sync.Mutex
	var group sync.WaitGroup
	for index := 0; index < connections*calls; index++ {
		call := worker(all[index/calls], index)
		group.Add(1)
		go func() {
			defer group.Done()
			var own latencies
			for last := time.Now(); last.Before(end); {
				peer.Check(call())
				now := time.Now()
				if !now.Before(begin) && now.Before(end) {
					own.add(now.Sub(last))
				}
				last = now
			}
			lock.Lock()
			total.join(&own)
			lock.Unlock()
		}()
	}
	time.Sleep(time.Until(begin))
	mark("begin")
	group.Wait()
	report(total.total, *seconds, &total)
}

func echoes(connection connection, worker int) func() error {
	// Numbers of different workers are apart, so that an answer to another's call shows.
	number := int64(worker) << 40
	return func() error {
		number++
		return connection.echo(number)
	}
}

func blobs(connection connection, worker int) func() error {
	bytes := make([]byte, 1<<20)
	for index := range bytes {
		bytes[index] = 0x5a
	}
	number := uint64(worker) << 40
	return func() error {
		number++
		binary.LittleEndian.PutUint64(bytes, number)
		return connection.blob(bytes)
	}
}

func streams() {
	connection := connected()
	for warm := time.Now().Add(span(*warmup)); ; {
		peer.Check(connection.stream(10_000))
		if time.Now().After(warm) {
			break
		}
	}
	mark("begin")
	begin, calls := time.Now(), 0
	for {
		peer.Check(connection.stream(100_000))
		calls += 100_000
		if time.Since(begin) >= span(*seconds) {
			break
		}
	}
	report(calls, time.Since(begin).Seconds(), nil)
}

func handshakes() {
	for warm := time.Now().Add(span(*warmup)); ; {
		peer.Check(connected().channel.Close())
		if time.Now().After(warm) {
			break
		}
	}
	mark("begin")
	var all latencies
	begin := time.Now()
	for last := begin; last.Sub(begin) < span(*seconds); {
		peer.Check(connected().channel.Close())
		now := time.Now()
		all.add(now.Sub(last))
		last = now
	}
	report(all.total, time.Since(begin).Seconds(), &all)
}

func idle() {
	// What the first connection brings with it is not counted.
	all := []connection{connected()}
	mark("base")
	time.Sleep(200 * time.Millisecond)
	for count := 0; count < 1000; count++ {
		all = append(all, connected())
	}
	mark("begin")
	time.Sleep(2 * time.Second)
	report(len(all)-1, 2, nil)
}

func main() {
	files := peer.Options()
	flag.Parse()
	settings = files.TLS()
	cases := map[string]func(){
		"lat":    func() { inFlight(1, 1, echoes) },
		"t64":    func() { inFlight(1, 64, echoes) },
		"t256":   func() { inFlight(1, 256, echoes) },
		"t8x32":  func() { inFlight(8, 32, echoes) },
		"blob1":  func() { inFlight(1, 1, blobs) },
		"blob4":  func() { inFlight(1, 4, blobs) },
		"stream": streams,
		"hs":     handshakes,
		"idle":   idle,
	}
	run := cases[*load]
	if run == nil {
		peer.Check(errors.New("--case is not one of those in Tests/Benchmarks/README.md"))
	}
	run()
	// Until standard input ends, so that the driver can read what the process has used.
	_, err := io.Copy(io.Discard, os.Stdin)
	peer.Check(err)
}
