public import FoundationEssentials
public import NIOCore

extension CBORWriter {
    @usableFromInline
    mutating func uuid(_ value: UUID) {
        reserve(19)
        store(0xd8 as UInt8)
        store(37 as UInt8)
        store(0x50 as UInt8)
        withUnsafeBytes(of: value.uuid) { bytes in
            store(bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            store(bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// Tag 1 around seconds since 1970 as a 64-bit float.
    @usableFromInline
    mutating func date(_ value: Date) {
        byte(0xc1)
        double(value.timeIntervalSince1970)
    }

    /// Whole microseconds; what is below them is cut off.
    @usableFromInline
    mutating func duration(_ value: Duration) throws(CBORError) {
        let (seconds, attoseconds) = value.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflow2) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        guard !overflow, !overflow2 else {
            throw CBORError(.unsupported, "the duration does not fit 64 bits of microseconds")
        }
        signed(sum)
    }

    @usableFromInline
    mutating func byteString(_ value: [UInt8]) {
        value.withUnsafeBytes { content(0x40, $0) }
    }

    @usableFromInline
    mutating func data(_ value: Data) {
        value.withUnsafeBytes { content(0x40, $0) }
    }

    @usableFromInline
    mutating func byteBuffer(_ value: ByteBuffer) {
        value.withUnsafeReadableBytes { content(0x40, $0) }
    }

    mutating func list<Element>(
        _ elements: [Element], _ write: (inout CBORWriter, Element) -> Void
    ) {
        head(0x80, UInt64(elements.count))
        for element in elements { write(&self, element) }
    }
}
