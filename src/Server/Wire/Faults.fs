namespace GopherFlow.Server

open System
open System.Text
open System.Text.Json
open System.Runtime.InteropServices

/// The position of a value in a body. It is formatted only for validation errors.
type JsonPath =
    | Whole
    | Member of JsonPath * string
    | Item of JsonPath * int

module internal JsonPath =

    [<Literal>]
    let LongestName = 80

    [<Literal>]
    let private LongestPath = 400

    let private shortened longest (text: string) =
        if text.Length <= longest then
            text
        else
            $"{text.Substring(0, longest)}... ({text.Length} characters)"

    let rec private full path =
        match path with
        | Whole -> ""
        | Member(Whole, name) -> shortened LongestName name
        | Member(parent, name) -> $"{full parent}.{shortened LongestName name}"
        | Item(parent, index) -> $"{full parent}[{index}]"

    /// The path as text, such as "createWorkflowRequest.stateVars"; "body" for the root.
    let text path =
        match path with
        | Whole -> "body"
        | _ -> shortened LongestPath (full path)

/// Collects the validation errors of one request, up to a limit. Decoders of lists stop when it is full.
[<Sealed>]
type Faults() =

    let found = ResizeArray<FaultyField>()

    static member Most = FaultyField.Most

    member _.IsFull = found.Count >= Faults.Most

    member _.IsEmpty = found.Count = 0

    member _.List = List.ofSeq found

    member faults.Add(path: JsonPath, received: string option, expected: string) =
        if not faults.IsFull then
            found.Add(FaultyField.create (JsonPath.text path) received expected)

module internal Excerpt =

    [<Literal>]
    let private Longest = 80

    /// The first characters of a text.
    let ofText (text: string) =
        if text.Length <= Longest then
            text
        else
            $"{text.Substring(0, Longest)}... ({text.Length} characters)"

    /// The first characters of a value. The rest of a long value is not copied.
    let ofElement (element: JsonElement) =
        let bytes = JsonMarshal.GetRawUtf8Value element

        if bytes.Length <= Longest then
            Encoding.UTF8.GetString bytes
        else
            let start = Encoding.UTF8.GetString(bytes.Slice(0, Longest)).TrimEnd('\uFFFD')
            $"{start}... ({bytes.Length} bytes)"
