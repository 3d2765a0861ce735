namespace GopherFlow.Contract

open System

#if FABLE_COMPILER
/// A 64-bit id; a JavaScript number holds it exactly up to 2^53.
type Id = float

/// A number of things; a JavaScript number holds it exactly up to 2^53.
type Count = float

/// Any JSON value, parsed.
type RawJson = obj

/// A point in time, in milliseconds since 1970.
[<Struct>]
type Instant = Instant of milliseconds: float
#else
/// A 64-bit id.
type Id = int64

/// A 64-bit number of things.
type Count = int64

/// JSON text that is sent unchanged.
[<Struct>]
type RawJson = RawJson of string

/// A point in time.
type Instant = DateTimeOffset
#endif

/// The texts that a field may have. Later versions may add more: a client that receives an unknown text shows it unchanged.
[<AttributeUsage(AttributeTargets.Property)>]
type OneOfAttribute([<ParamArray>] texts: string array) =
    inherit Attribute()
    member _.Texts = texts
