extension Store {
    /// Changes the encryption key while everything goes on: no call waits for more than the writing
    /// of one small file.
    ///
    /// When it returns the key of before is needed for nothing here any more. Returns whether the
    /// key is another than before.
    /// - Throws: ``StorageError/failed(_:)`` where the file could not be written; the key of before
    ///   then stays in use.
    @discardableResult
    package func changeEncryptionKey(to bytes: [UInt8]) throws(StorageError) -> Bool {
        let encryption = try EncryptionKey(bytes)
        do {
            return try keys.change(to: encryption)
        } catch {
            throw .failed(error.description)
        }
    }

    /// Keys destroyed since the encryption key was last changed; copies of the key file from before
    /// that still have them.
    package var keysDestroyedSinceChange: Int64 { keys.destroyedSinceChange }
}
