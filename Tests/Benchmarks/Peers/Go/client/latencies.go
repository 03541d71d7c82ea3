package main

import (
	"fmt"
	"math/bits"
	"time"
)

const (
	firstExponent = 8
	lastExponent  = 33
)

// latencies counts durations in buckets of 1/64 of their size: the same buckets as
// Tests/Echo/Client/Load.
type latencies struct {
	counts [(lastExponent - firstExponent + 1) * 64]uint32
	total  int
}

func (all *latencies) add(duration time.Duration) {
	bounded := uint64(duration)
	if bounded < 1<<firstExponent {
		bounded = 1 << firstExponent
	}
	if bounded >= 1<<(lastExponent+1) {
		bounded = 1<<(lastExponent+1) - 1
	}
	exponent := 63 - bits.LeadingZeros64(bounded)
	step := int(bounded>>(exponent-6)) & 63
	all.counts[(exponent-firstExponent)*64+step]++
	all.total++
}

func (all *latencies) join(other *latencies) {
	for index, count := range other.counts {
		all.counts[index] += count
	}
	all.total += other.total
}

// microseconds is the duration that this share of all does not exceed.
func (all *latencies) microseconds(share float64) float64 {
	left := float64(all.total) * share
	for index, count := range all.counts {
		left -= float64(count)
		if left > 0 {
			continue
		}
		base := float64(uint64(1) << (index/64 + firstExponent))
		return base * (1 + (float64(index%64)+0.5)/64) / 1000
	}
	return 0
}

// mark tells the driver of a moment: base, before the connections of idle, or begin.
func mark(event string) { fmt.Printf("{\"event\":\"%s\"}\n", event) }

// report tells the result; without latencies where the case has none.
func report(calls int, seconds float64, all *latencies) {
	half, most := "null", "null"
	if all != nil && all.total > 0 {
		half = fmt.Sprintf("%.2f", all.microseconds(0.5))
		most = fmt.Sprintf("%.2f", all.microseconds(0.99))
	}
	fmt.Printf("{\"event\":\"end\",\"calls\":%d,\"seconds\":%.6f,\"p50Microseconds\":%s,"+
		"\"p99Microseconds\":%s,\"negotiated\":\"%s\"}\n", calls, seconds, half, most, negotiated)
}
