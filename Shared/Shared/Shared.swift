// The umbrella that the executables import: everything under Shared that is for a program to use.
@_exported public import CBOR
@_exported public import Hosting
@_exported public import Instruments
@_exported public import RPC
@_exported public import Statistics
@_exported public import Storage
@_exported public import TLSTransport
@_exported public import Vocabulary
@_exported public import Wire
