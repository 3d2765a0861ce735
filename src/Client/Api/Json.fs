/// Decodes JSON into the records of the contract, by their types. An error gives the path of the value:
/// `definition.states[2].timeoutSeconds: expected a number, received "1"`.
module GopherFlow.Client.Api.Json

open System
open FSharp.Reflection
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time

exception DecodeFailed of path: string * reason: string

let private isOf (name: string) (value: obj) = jsTypeof value = name

[<Emit("Array.isArray($0)")>]
let private isArray (_value: obj) : bool = jsNative

/// Whether a value is a JSON object: not a list, not null, not an exact number.
let isObject (value: obj) : bool =
    isOf "object" value
    && not (isNullOrUndefined value)
    && not (isArray value)
    && not (ExactNumbers.isExact value)

/// A value as JSON, on one line.
let write (value: obj) : string = ExactNumbers.print 0 value

/// A value as JSON, each member on its own line.
let writeIndented (value: obj) : string = ExactNumbers.print 2 value

/// Decodes the value at a path, or raises DecodeFailed.
type Decoder<'t> = string -> obj -> 't

let private fail path reason = raise (DecodeFailed(path, reason))

let private describe (value: obj) : string =
    if isNullOrUndefined value then "nothing" else write value

let private expect (what: string) (holds: obj -> bool) : Decoder<'t> =
    fun path value ->
        if holds value then
            unbox value
        else
            fail path $"expected {what}, received {describe value}"

let string: Decoder<string> = expect "text" (isOf "string")
let bool: Decoder<bool> = expect "true or false" (isOf "boolean")

let number: Decoder<float> =
    fun path value -> expect "a number" (isOf "number") path (ExactNumbers.rounded value)

let int: Decoder<int> = fun path value -> Operators.int (number path value)
let anything: Decoder<obj> = fun _ value -> value

let list (item: Decoder<'t>) : Decoder<'t list> =
    fun path value ->
        let items: obj[] = expect "a list" isArray path value
        items |> Array.mapi (fun i -> item $"{path}[{i}]") |> List.ofArray

let optional (inner: Decoder<'t>) : Decoder<'t option> =
    fun path value ->
        if isNullOrUndefined value then
            None
        else
            Some(inner path value)

/// One of a set of strings.
let oneOf (words: (string * 't) list) : Decoder<'t> =
    fun path value ->
        let word = string path value

        match List.tryFind (fst >> (=) word) words with
        | Some(_, meaning) -> meaning
        | None ->
            let known = words |> List.map fst |> String.concat ", "
            fail path $"expected one of {known}, received {describe value}"

let time: Decoder<Instant> =
    fun path value ->
        match Instant.tryParse (string path value) with
        | Some instant -> instant
        | None -> fail path $"expected a time, received {describe value}"

[<Emit("Object.entries($0)")>]
let private entries (_value: obj) : (string * obj)[] = jsNative

/// The members of an object, in their order.
let entriesOf (value: obj) : (string * obj) list = entries value |> List.ofArray

/// Decodes all members of an object without decoding their values.
let members: Decoder<(string * obj) list> =
    fun path value -> expect "an object" isObject path value |> entries |> List.ofArray

/// Decodes the fields of an object one by one.
type Fields(path: string, value: obj) =
    member _.Get(name: string, decoder: Decoder<'t>) : 't = decoder $"{path}.{name}" value?(name)

    member this.TryGet(name: string, decoder: Decoder<'t>) : 't option = this.Get(name, optional decoder)

let fields (build: Fields -> 't) : Decoder<'t> =
    fun path value -> Fields(path, expect "an object" isObject path value) |> build

let private nameOnTheWire (field: string) =
    field.Substring(0, 1).ToLowerInvariant() + field.Substring 1

let rec private decoderFor (kind: Type) : Decoder<obj> =
    if kind = typeof<string> then
        fun path value -> box (string path value)
    elif kind = typeof<int> then
        fun path value -> box (int path value)
    elif kind = typeof<float> then
        fun path value -> box (number path value)
    elif kind = typeof<bool> then
        fun path value -> box (bool path value)
    elif kind = typeof<Instant> then
        fun path value -> box (time path value)
    elif FSharpType.IsRecord kind then
        recordOf kind
    elif kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<option<_>> then
        let inner = decoderFor (kind.GetGenericArguments()[0])
        fun path value -> box (optional inner path value)
    elif kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<list<_>> then
        let item = decoderFor (kind.GetGenericArguments()[0])
        fun path value -> box (list item path value)
    else
        anything

and private recordOf (kind: Type) : Decoder<obj> =
    let fields =
        FSharpType.GetRecordFields kind
        |> Array.map (fun field -> nameOnTheWire field.Name, decoderFor field.PropertyType)

    fun path value ->
        let members: obj = expect "an object" isObject path value

        let values =
            fields
            |> Array.map (fun (name, decoder) -> decoder (if path = "" then name else $"{path}.{name}") members?(name))

        FSharpValue.MakeRecord(kind, values)

/// Public only because `contract` is inlined.
let decoderOf (kind: Type) : Decoder<obj> = decoderFor kind

/// Decodes a value of the contract: a record, or a list or an option of records. Members that the record does not have are
/// ignored.
let inline contract<'t> : Decoder<'t> =
    let decoder = decoderOf typeof<'t>
    fun path value -> unbox<'t>(decoder path value)

/// Decodes a parsed value. Errors use `name` for the value.
let decode (name: string) (decoder: Decoder<'t>) (value: obj) : Result<'t, string> =
    try
        Ok(decoder name value)
    with DecodeFailed(path, reason) ->
        Error $"{path}: {reason}"

/// Parses text; None when it is not JSON. Numbers that JavaScript would round become ExactNumber.
let tryParse (text: string) : obj option =
    try
        Some(ExactNumbers.parse text)
    with _ ->
        None

let decodeText (name: string) (decoder: Decoder<'t>) (text: string) : Result<'t, string> =
    match tryParse text with
    | Some value -> decode name decoder value
    | None -> Error $"{name}: not JSON"
