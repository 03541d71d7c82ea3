// The umbrella that the executables import: everything under Shared that is for a program to use.
@_exported package import CBOR
@_exported package import Hosting
@_exported package import Instruments
@_exported package import RPC
@_exported package import Statistics
@_exported package import Storage
@_exported package import TLSTransport
@_exported package import Vocabulary
@_exported package import Wire
