namespace GopherFlow.Contract

open System

#if FABLE_COMPILER
/// A 64-bit id; a JavaScript number holds it exactly up to 2^53.
type Id = float

/// How many; a JavaScript number holds it exactly up to 2^53.
type Count = float

/// Any JSON value, parsed.
type RawJson = obj

/// A point in time, in milliseconds since 1970.
[<Struct>]
type Instant = Instant of milliseconds: float
#else
/// A 64-bit id.
type Id = int64

/// How many.
type Count = int64

/// JSON text that is passed on as it is.
[<Struct>]
type RawJson = RawJson of string

/// A point in time.
type Instant = DateTimeOffset
#endif

/// The texts that a field may have. More may come: a client that finds another one shows it as it is.
[<AttributeUsage(AttributeTargets.Property)>]
type OneOfAttribute([<ParamArray>] texts: string array) =
    inherit Attribute()
    member _.Texts = texts
