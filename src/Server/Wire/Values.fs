namespace GopherFlow.Server

open System
open System.Globalization
open System.Text.Json
open System.Text.RegularExpressions

/// Reads one JSON value. It knows in words what it expects, and is told the path of the value.
type Decoder<'value> = {
    Expects: string
    Read: string -> JsonElement -> Result<'value, FaultyField list>
}

/// Decoders of single values and of lists. All faults are collected.
module Values =

    [<Literal>]
    let private LongestExcerpt = 80

    let private excerpt (text: string) =
        if text.Length <= LongestExcerpt then
            text
        else
            $"{text.Substring(0, LongestExcerpt)}... ({text.Length} characters)"

    let private received (element: JsonElement) = Some(excerpt (element.GetRawText()))

    /// A value that is not what is expected at its path.
    let fault path expected element =
        FaultyField.create path (received element) expected

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

    /// True or false.
    let flag =
        value "true or false" (fun element ->
            match element.ValueKind with
            | JsonValueKind.True -> Some true
            | JsonValueKind.False -> Some false
            | _ -> None)

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

    /// Both results, or the faults of both.
    let both (first: Result<'a, FaultyField list>) (second: Result<'b, FaultyField list>) =
        match first, second with
        | Ok first, Ok second -> Ok(first, second)
        | Error first, Error second -> Error(first @ second)
        | Error faults, _
        | _, Error faults -> Error faults

    /// All results, or the faults of all.
    let collect (results: Result<'value, FaultyField list> list) =
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
