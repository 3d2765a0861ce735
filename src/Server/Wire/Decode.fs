namespace GopherFlow.Server

open System
open System.Buffers
open System.Collections.Generic
open System.Text.Json
open System.Threading

/// Decodes request bodies: `body`.
module internal Decode =

    let private isReadable (read: unit -> string | null) =
        try
            read () |> ignore
            true
        with :? InvalidOperationException ->
            false

    /// Finds invalid Unicode and duplicate names in objects. The JSON parser accepts both, but later readers do not.
    let rec private findInvalid (faults: Faults) (cancellation: CancellationToken) path (element: JsonElement) : unit =
        match element.ValueKind with
        | _ when faults.IsFull -> ()
        | JsonValueKind.String when not (isReadable element.GetString) ->
            faults.Add(path, None, "a text that is valid Unicode")
        | JsonValueKind.Array ->
            cancellation.ThrowIfCancellationRequested()

            element.EnumerateArray()
            |> Seq.iteri (fun index -> findInvalid faults cancellation (Item(path, index)))
        | JsonValueKind.Object ->
            cancellation.ThrowIfCancellationRequested()
            findInvalidMembers faults cancellation path element
        | _ -> ()

    and private findInvalidMembers faults cancellation path element =
        let seen = HashSet<string>()

        for property in element.EnumerateObject() do
            if faults.IsFull then
                ()
            elif not (isReadable (fun () -> property.Name)) then
                faults.Add(path, None, "an object whose names are valid Unicode")
            else
                let member' = JsonPath.Member(path, property.Name)

                if not (seen.Add property.Name) then
                    faults.Add(member', Some "a duplicate", "the field at most once")

                findInvalid faults cancellation member' property.Value

    let private malformed expects (fault: JsonException) =
        let place =
            $"line {fault.LineNumber.GetValueOrDefault() + 1L}, byte {fault.BytePositionInLine.GetValueOrDefault() + 1L}"

        let reason = fault.Message.Split(" LineNumber:")[0]

        {
            FaultyField.create "body" (Some $"something that is not JSON at {place}") expects with
                Detail = $"The body is not JSON: at {place}. {reason}"
        }

    let private noFields =
        use document = JsonDocument.Parse "{}"
        document.RootElement.Clone()

    /// An empty body is equivalent to an empty object if all fields are optional.
    let private missing (decoder: Decoder<'value>) =
        match decoder.Read (Faults()) Whole noFields with
        | Some value -> Ok value
        | None -> Error [ FaultyField.create "body" None decoder.Expects ]

    let private document (decoder: Decoder<'value>) (cancellation: CancellationToken) (document: JsonDocument) =
        let faults = Faults()
        findInvalid faults cancellation Whole document.RootElement

        let value =
            if faults.IsEmpty then
                decoder.Read faults Whole document.RootElement
            else
                None

        match value with
        | Some value when faults.IsEmpty -> Ok value
        | _ -> Error faults.List

    /// Decodes a body and returns all its validation errors up to a limit. Throws OperationCanceledException if the client has
    /// disconnected.
    let body (decoder: Decoder<'value>) (cancellation: CancellationToken) (utf8: ReadOnlySequence<byte>) =
        if utf8.IsEmpty then
            missing decoder
        else
            try
                use parsed = JsonDocument.Parse utf8
                document decoder cancellation parsed
            with :? JsonException as fault ->
                Error [ malformed decoder.Expects fault ]
