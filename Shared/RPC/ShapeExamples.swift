package import Vocabulary

// Small checked values refuse the empty text, so each gives one that it takes. They are found
// here because the vocabulary knows nothing of calls.

extension Day: Exemplified {
    package static var examples: [Day] { [Day(number: 0)] }
}

extension Timestamp: Exemplified {
    package static var examples: [Timestamp] { [Timestamp(microseconds: 0)] }
}

extension NationalID: Exemplified {
    /// Well formed, and nobody's: no region has the number 0.
    package static var examples: [NationalID] {
        [try? NationalID("0000000101000000")].compactMap { $0 }
    }
}

extension CertificateSerial: Exemplified {
    package static var examples: [CertificateSerial] {
        [try? CertificateSerial("1")].compactMap { $0 }
    }
}

extension Shape: Exemplified {
    package static var examples: [Shape] { [Shape(.unknown)] }
}
