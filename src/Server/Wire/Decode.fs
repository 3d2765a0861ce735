namespace GopherFlow.Server

open System
open System.Buffers
open System.Text.Json

/// Reads whole bodies.
module Decode =

    open Objects

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

    let private noFields =
        use document = JsonDocument.Parse "{}"
        document.RootElement.Clone()

    /// Nothing at all asks for the same as an object without fields, where every field is optional.
    let private missing (decoder: Decoder<'value>) =
        decoder.Read "" noFields
        |> Result.mapError (fun _ -> [ FaultyField.create "body" None decoder.Expects ])

    /// A whole body.
    let body (decoder: Decoder<'value>) (utf8: ReadOnlySequence<byte>) =
        if utf8.IsEmpty then
            missing decoder
        else
            try
                use document = JsonDocument.Parse utf8

                match unsound "" document.RootElement with
                | [] -> decoder.Read "" document.RootElement
                | faults -> Error faults
            with :? JsonException as fault ->
                Error [ malformed decoder.Expects fault ]
