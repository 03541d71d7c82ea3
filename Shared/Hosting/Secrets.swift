internal import Foundation
internal import Glibc

// The files with secrets: two keys of the store, and the private key of the certificate.

extension HostConfiguration {
    /// The journal's key.
    ///
    /// - Throws: ``ConfigurationProblem`` where the file is missing, somebody else's, readable by
    ///   others, or does not hold 64 hexadecimal digits.
    package func journalKey() throws(ConfigurationProblem) -> [UInt8] {
        try storeKey(journalKeyFile, .storeJournalKey)
    }

    /// The encryption key; the same is required of its file.
    package func encryptionKey() throws(ConfigurationProblem) -> [UInt8] {
        try storeKey(encryptionKeyFile, .storeEncryptionKey)
    }

    /// The encryption key of before; nil where none is given.
    package func encryptionKeyBefore() throws(ConfigurationProblem) -> [UInt8]? {
        guard let file = encryptionKeyBeforeFile else { return nil }
        return try storeKey(file, .storeEncryptionKeyBefore)
    }

    private func storeKey(
        _ file: String, _ setting: Settings.Key
    ) throws(ConfigurationProblem) -> [UInt8] {
        try requireSecret(file, setting)
        guard let content = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw ConfigurationProblem(
                key: setting.rawValue, problem: "\(file) cannot be read as text")
        }
        let digits = content.trimmingCharacters(in: .whitespacesAndNewlines)
            .map { $0.isASCII ? $0.hexDigitValue : nil }
        let values = digits.compactMap { $0 }
        guard values.count == 64, digits.count == 64 else {
            throw ConfigurationProblem(
                key: setting.rawValue,
                problem: "\(file) must hold 64 hexadecimal digits, and nothing else")
        }
        return stride(from: 0, to: 64, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// Refuses a file with a secret that others on this machine can read, or could have put there.
    func requireSecret(
        _ file: String, _ key: Settings.Key
    ) throws(ConfigurationProblem) {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: file).resolvingSymlinksInPath().path)
        guard let mode = attributes?[.posixPermissions] as? NSNumber,
            let owner = attributes?[.ownerAccountID] as? NSNumber
        else {
            throw ConfigurationProblem(key: key.rawValue, problem: "\(file) cannot be read")
        }
        guard owner.uint32Value == 0 || owner.uint32Value == geteuid() else {
            throw ConfigurationProblem(
                key: key.rawValue,
                problem: "\(file) belongs to another user (number \(owner)), who could read and "
                    + "change it; its owner must be root or the user that the service runs as")
        }
        // systemd lets the service in by an access list, which shows as a group's right to read;
        // the directory is closed to everybody else.
        let isCredential = credentialsDirectory.map { file.hasPrefix($0 + "/") } ?? false
        guard mode.intValue & (isCredential ? 0o037 : 0o077) == 0 else {
            throw ConfigurationProblem(
                key: key.rawValue,
                problem: "\(file) can be read by others; its mode must be 0600 or 0400")
        }
    }
}
