namespace GopherFlow.Server

open System
open System.Buffers
open System.Globalization
open System.Text.Json
open System.Text.RegularExpressions

/// Reads one JSON value. It knows in words what it expects, and is told the path of the value.
type Decoder<'value> = {
    Expects: string
    Read: string -> JsonElement -> Result<'value, FaultyField list>
}

/// The members of an object by name, whatever their case.
type Members = Map<string, JsonElement list>

/// Reads several fields of one object. What it knows of is known before it reads, so that unknown fields can be named.
type Fields<'value> = {
    Known: string list
    ReadAll: string -> Members -> Result<'value, FaultyField list>
}

/// Decoders of single values, of fields, of objects, and of whole bodies. All faults are collected.
module Decode =

    [<Literal>]
    let private LongestExcerpt = 80

    let private excerpt (text: string) =
        if text.Length <= LongestExcerpt then
            text
        else
            $"{text.Substring(0, LongestExcerpt)}... ({text.Length} characters)"

    let private received (element: JsonElement) = Some(excerpt (element.GetRawText()))

    let private fault path expected element =
        FaultyField.create path (received element) expected

    // Values

    let private value expects (read: JsonElement -> 'value option) = {
        Expects = expects
        Read =
            fun path element ->
                match read element with
                | Some value -> Ok value
                | None -> Error [ fault path expects element ]
    }

    let private asText (element: JsonElement) =
        match element.ValueKind with
        | JsonValueKind.String -> Option.ofObj (element.GetString())
        | _ -> None

    /// Any text, also an empty one.
    let text = value "a text" asText

    /// A text with something in it.
    let filledText =
        value "a text that is not empty" (asText >> Option.filter (String.IsNullOrWhiteSpace >> not))

    /// A text that is not repeated in a fault.
    let secret = {
        text with
            Read =
                fun path element ->
                    match asText element with
                    | Some text -> Ok text
                    | None ->
                        Error [
                            FaultyField.create path (Some $"a value of type {element.ValueKind}") "a text"
                        ]
    }

    let private number expects (tryGet: JsonElement -> bool * 'number) isSound =
        value expects (fun element ->
            match element.ValueKind with
            | JsonValueKind.Number ->
                match tryGet element with
                | true, number when isSound number -> Some number
                | _ -> None
            | _ -> None)

    /// A whole number within bounds, both included.
    let whole (least: int) (most: int) =
        number $"a whole number from {least} to {most}" _.TryGetInt32() (fun number ->
            number >= least && number <= most)

    /// Any whole number that has 32 bits.
    let integer = number "a whole number" _.TryGetInt32() (fun _ -> true)

    /// The id of a row; 0 is taken for none, as older clients send it.
    let id =
        number "a whole number that is not negative" _.TryGetInt64() (fun id -> id >= 0L)

    /// Any number.
    let anyNumber = number "a number" _.TryGetDouble() Double.IsFinite

    let private instantPattern =
        Regex(@"^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,7})?\d*([Zz]|[+-]\d\d:\d\d)$", RegexOptions.ECMAScript)

    /// An instant as text; None when it is not RFC 3339. Digits finer than 100 ns are dropped.
    let parseInstant (text: string) =
        match instantPattern.Match text with
        | found when found.Success ->
            let group (index: int) = found.Groups[index].Value
            let zone = if group 4 = "z" then "Z" else group 4
            let format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"

            match
                DateTimeOffset.TryParseExact(
                    $"{group 1}T{group 2}{group 3}{zone}",
                    format,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal
                )
            with
            | true, instant -> Some instant
            | _ -> None
        | _ -> None

    /// An instant.
    let instant =
        value "an instant such as 2026-11-22T19:00:00Z (RFC 3339)" (asText >> Option.bind parseInstant)

    /// A text that a function understands.
    let parsed expects (parse: string -> 'value option) =
        value expects (asText >> Option.bind parse)

    /// Any JSON, passed on as it is.
    let anyJson = value "any JSON value" (fun element -> Some(element.GetRawText()))

    /// A JSON object with any members, passed on as it is.
    let anyObject =
        value "a JSON object" (fun element ->
            match element.ValueKind with
            | JsonValueKind.Object -> Some(element.GetRawText())
            | _ -> None)

    let private both (first: Result<'a, FaultyField list>) (second: Result<'b, FaultyField list>) =
        match first, second with
        | Ok first, Ok second -> Ok(first, second)
        | Error first, Error second -> Error(first @ second)
        | Error faults, _
        | _, Error faults -> Error faults

    let private collect (results: Result<'value, FaultyField list> list) =
        List.foldBack (fun result rest -> both result rest |> Result.map List.Cons) results (Ok [])

    /// A list.
    let listOf (item: Decoder<'item>) = {
        Expects = $"a list, each item {item.Expects}"
        Read =
            fun path element ->
                match element.ValueKind with
                | JsonValueKind.Array ->
                    element.EnumerateArray()
                    |> Seq.mapi (fun index -> item.Read $"{path}[{index}]")
                    |> List.ofSeq
                    |> collect
                | _ -> Error [ fault path $"a list, each item {item.Expects}" element ]
    }

    // Fields

    let private within path name =
        if path = "" then name else $"{path}.{name}"

    let private field name (read: string -> JsonElement option -> Result<'value, FaultyField list>) = {
        Known = [ name ]
        ReadAll =
            fun path members ->
                let path = within path name

                match Map.tryFind (name.ToLowerInvariant()) members with
                | None -> read path None
                | Some [ element ] -> read path (Some element)
                | Some several ->
                    Error [
                        FaultyField.create path (Some $"{several.Length} of them") "the field once at most"
                    ]
    }

    /// A field that must be there.
    let required name (decoder: Decoder<'value>) =
        field name (fun path element ->
            match element with
            | Some element -> decoder.Read path element
            | None -> Error [ FaultyField.create path None decoder.Expects ])

    /// A field that may be missing or null.
    let optional name (decoder: Decoder<'value>) =
        field name (fun path element ->
            match element with
            | Some element when element.ValueKind <> JsonValueKind.Null -> decoder.Read path element |> Result.map Some
            | _ -> Ok None)

    /// Puts fields together: `fields { let! a = ... and! b = ... return ... }`.
    type FieldsBuilder() =
        member _.MergeSources(first: Fields<'a>, second: Fields<'b>) : Fields<'a * 'b> = {
            Known = first.Known @ second.Known
            ReadAll = fun path members -> both (first.ReadAll path members) (second.ReadAll path members)
        }

        member _.BindReturn(fields: Fields<'a>, map: 'a -> 'b) : Fields<'b> = {
            Known = fields.Known
            ReadAll = fun path members -> fields.ReadAll path members |> Result.map map
        }

    let fields = FieldsBuilder()

    /// A check over several fields; it gets the path of the object.
    let check (faultsOf: string -> 'value -> FaultyField list) (fields: Fields<'value>) = {
        fields with
            ReadAll =
                fun path members ->
                    fields.ReadAll path members
                    |> Result.bind (fun value ->
                        match faultsOf path value with
                        | [] -> Ok value
                        | faults -> Error faults)
    }

    // Objects

    let private membersOf (element: JsonElement) : Members =
        element.EnumerateObject()
        |> Seq.map (fun property -> property.Name.ToLowerInvariant(), property.Value)
        |> List.ofSeq
        |> List.groupBy fst
        |> List.map (fun (name, same) -> name, List.map snd same)
        |> Map.ofList

    let private unknown path known (element: JsonElement) =
        let isKnown (name: string) =
            known
            |> List.exists (fun field -> String.Equals(field, name, StringComparison.OrdinalIgnoreCase))

        element.EnumerateObject()
        |> Seq.filter (fun property -> not (isKnown property.Name))
        |> Seq.map (fun property ->
            fault (within path property.Name) $"""only the fields {String.concat ", " known}""" property.Value)
        |> List.ofSeq

    /// An object with these fields and no others.
    let object (fields: Fields<'value>) = {
        Expects = $"""a JSON object with the fields {String.concat ", " fields.Known}"""
        Read =
            fun path element ->
                match element.ValueKind with
                | JsonValueKind.Object ->
                    match unknown path fields.Known element, fields.ReadAll path (membersOf element) with
                    | [], result -> result
                    | strangers, Ok _ -> Error strangers
                    | strangers, Error faults -> Error(strangers @ faults)
                | _ ->
                    let path = if path = "" then "body" else path

                    Error [
                        fault path $"""a JSON object with the fields {String.concat ", " fields.Known}""" element
                    ]
    }

    // Bodies

    let private isReadable (read: unit -> string | null) =
        try
            read () |> ignore
            true
        with :? InvalidOperationException ->
            false

    /// Texts that are not Unicode, and names that stand twice in one object: the parser lets both pass, later readers do not.
    let rec private unsound path (element: JsonElement) : FaultyField list =
        match element.ValueKind with
        | JsonValueKind.String when not (isReadable element.GetString) -> [
            FaultyField.create path None "a text that is valid Unicode"
          ]
        | JsonValueKind.Array ->
            element.EnumerateArray()
            |> Seq.mapi (fun index -> unsound $"{path}[{index}]")
            |> List.concat
        | JsonValueKind.Object ->
            let properties = List.ofSeq (element.EnumerateObject())

            if properties |> List.forall (fun property -> isReadable (fun () -> property.Name)) then
                let twice =
                    properties
                    |> List.countBy _.Name
                    |> List.filter (fun (_, count) -> count > 1)
                    |> List.map (fun (name, count) ->
                        FaultyField.create (within path name) (Some $"{count} of them") "the field once at most")

                twice
                @ (properties
                   |> List.collect (fun property -> unsound (within path property.Name) property.Value))
            else
                [ FaultyField.create path None "an object whose names are valid Unicode" ]
        | _ -> []

    let private malformed expects (fault: JsonException) =
        let place =
            $"line {fault.LineNumber.GetValueOrDefault() + 1L}, byte {fault.BytePositionInLine.GetValueOrDefault() + 1L}"

        let reason = fault.Message.Split(" LineNumber:")[0]

        {
            FaultyField.create "body" (Some $"something that is not JSON at {place}") expects with
                Detail = $"The body is not JSON: at {place}. {reason}"
        }

    /// A whole body.
    let body (decoder: Decoder<'value>) (utf8: ReadOnlySequence<byte>) =
        if utf8.IsEmpty then
            Error [ FaultyField.create "body" None decoder.Expects ]
        else
            try
                use document = JsonDocument.Parse utf8

                match unsound "" document.RootElement with
                | [] -> decoder.Read "" document.RootElement
                | faults -> Error faults
            with :? JsonException as fault ->
                Error [ malformed decoder.Expects fault ]
