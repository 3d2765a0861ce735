namespace GopherFlow.Server

open System
open System.Text.Json

/// The members of an object by name, whatever their case.
type Members = Map<string, JsonElement list>

/// Reads several fields of one object. What it knows of is known before it reads, so that unknown fields can be named.
type Fields<'value> = {
    Known: string list
    ReadAll: string -> Members -> Result<'value, FaultyField list>
}

/// Decoders of fields and of objects. All faults are collected.
module Objects =

    open Values

    /// The path of a member.
    let within path name =
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

    /// An object whose members, of any names, all have values of one kind.
    let mapOf (item: Decoder<'item>) = {
        Expects = $"a JSON object, each value {item.Expects}"
        Read =
            fun path element ->
                match element.ValueKind with
                | JsonValueKind.Object ->
                    element.EnumerateObject()
                    |> Seq.map (fun property ->
                        item.Read (within path property.Name) property.Value
                        |> Result.map (fun value -> property.Name, value))
                    |> List.ofSeq
                    |> collect
                    |> Result.map Map.ofList
                | _ -> Error [ fault path $"a JSON object, each value {item.Expects}" element ]
    }
