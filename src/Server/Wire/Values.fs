namespace GopherFlow.Server

open System
open System.Globalization
open System.Text.Json
open System.Text.RegularExpressions

/// Reads one JSON value. If the value is invalid, it adds errors to the faults and returns None.
type Decoder<'value> = {
    /// A description of the valid input, for error messages.
    Expects: string
    Schema: Schema
    Read: Faults -> JsonPath -> JsonElement -> 'value option
}

/// Decoders of single values and of lists.
module internal Values =

    let private fault (faults: Faults) path expected element =
        faults.Add(path, Some(Excerpt.ofElement element), expected)
        None

    let private value expects schema (read: JsonElement -> 'value option) = {
        Expects = expects
        Schema = schema
        Read =
            fun faults path element ->
                match read element with
                | Some value -> Some value
                | None -> fault faults path expects element
    }

    /// The text; None if the value is not a string or contains NUL, which not every database can store.
    let private asText (element: JsonElement) =
        match element.ValueKind with
        | JsonValueKind.String -> Option.ofObj (element.GetString()) |> Option.filter (_.Contains('\000') >> not)
        | _ -> None

    /// Any text without NUL, including the empty text.
    let text = value "a text without NUL characters" (Text None) asText

    /// A text that is not blank.
    let filledText =
        value
            "a text that is not empty and has no NUL characters"
            (Text None)
            (asText >> Option.filter (String.IsNullOrWhiteSpace >> not))

    /// A text that error messages never contain.
    let secret = {
        text with
            Read =
                fun faults path element ->
                    match asText element with
                    | Some text -> Some text
                    | None ->
                        faults.Add(path, Some "another value", "a text without NUL characters")
                        None
    }

    let private number expects schema (tryGet: JsonElement -> bool * 'number) isValid =
        value expects schema (fun element ->
            match element.ValueKind with
            | JsonValueKind.Number ->
                match tryGet element with
                | true, number when isValid number -> Some number
                | _ -> None
            | _ -> None)

    /// A whole number within bounds, both included.
    let whole (least: int) (most: int) =
        number $"a whole number from {least} to {most}" (Schema.Whole(least, most)) _.TryGetInt32() (fun number ->
            number >= least && number <= most)

    /// Any 32-bit integer.
    let integer =
        number "a whole number" (Schema.Whole(Int32.MinValue, Int32.MaxValue)) _.TryGetInt32() (fun _ -> true)

    /// An id. Older clients send 0 for none.
    let id =
        number "a whole number that is not negative" (Schema.Whole(0L, Int64.MaxValue)) _.TryGetInt64() (fun id ->
            id >= 0L)

    /// Any number.
    let anyNumber = number "a number" Number _.TryGetDouble() Double.IsFinite

    /// True or false.
    let flag =
        value "true or false" Flag (fun element ->
            match element.ValueKind with
            | JsonValueKind.True -> Some true
            | JsonValueKind.False -> Some false
            | _ -> None)

    let private instantPattern =
        Regex(@"^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,7})?\d*([Zz]|[+-]\d\d:\d\d)$", RegexOptions.ECMAScript)

    /// Parses an RFC 3339 instant. Digits beyond 100 ns are dropped. None if it is not valid.
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

    /// The description of an instant in error messages.
    [<Literal>]
    let InstantExpected = "an instant such as 2026-11-22T19:00:00Z (RFC 3339)"

    /// An instant.
    let instant =
        value InstantExpected (Text(Some "date-time")) (asText >> Option.bind parseInstant)

    /// A text that is parsed with a function.
    let parsed expects (parse: string -> 'value option) =
        value expects (Text None) (asText >> Option.bind parse)

    /// One of a few texts.
    let choice (texts: (string * 'value) list) =
        let known = Map.ofList texts

        value
            $"""one of {texts |> List.map fst |> String.concat ", "}"""
            (Choice(List.map fst texts))
            (asText >> Option.bind known.TryFind)

    /// Any JSON value, unchanged.
    let anyJson =
        value "any JSON value" Anything (fun element -> Some(element.GetRawText()))

    /// A JSON object with any members, unchanged.
    let anyObject =
        value "a JSON object" AnyObject (fun element ->
            match element.ValueKind with
            | JsonValueKind.Object -> Some(element.GetRawText())
            | _ -> None)

    /// A list of a limited length.
    let listUpTo (most: int) (item: Decoder<'item>) =
        let limit =
            if most = Int32.MaxValue then
                ""
            else
                $" of at most {most} items"

        let expects = $"a list{limit}, each item {item.Expects}"

        {
            Expects = expects
            Schema = ListOf item.Schema
            Read =
                fun faults path element ->
                    match element.ValueKind with
                    | JsonValueKind.Array when element.GetArrayLength() > most ->
                        faults.Add(path, Some $"{element.GetArrayLength()} items", expects)
                        None
                    | JsonValueKind.Array ->
                        let items =
                            element.EnumerateArray()
                            |> Seq.mapi (fun index -> item.Read faults (Item(path, index)))
                            |> Seq.takeWhile (fun _ -> not faults.IsFull)
                            |> List.ofSeq

                        if faults.IsFull || List.exists Option.isNone items then
                            None
                        else
                            Some(List.choose Operators.id items)
                    | _ -> fault faults path expects element
        }

    /// A list.
    let listOf item = listUpTo Int32.MaxValue item
