namespace GopherFlow.Server

open System
open System.Collections.Generic
open System.Text.Json

/// The members of an object by name; names are case-insensitive.
type Members = IReadOnlyDictionary<string, JsonElement list>

/// Reads several fields of one object. The known fields are available before reading, so that unknown fields can be reported.
type Fields<'value> = {
    Known: Member list
    ReadAll: Faults -> JsonPath -> Members -> 'value option
}

/// Decoders of fields and of objects.
module internal Objects =

    let private field known (read: Faults -> JsonPath -> JsonElement option -> 'value option) = {
        Known = [ known ]
        ReadAll =
            fun faults path members ->
                let path = JsonPath.Member(path, known.Name)

                match members.TryGetValue known.Name with
                | true, [ element ] -> read faults path (Some element)
                | true, several ->
                    faults.Add(path, Some $"{several.Length} of them", "the field at most once")
                    None
                | _ -> read faults path None
    }

    /// A required field.
    let required name (decoder: Decoder<'value>) =
        field
            {
                Name = name
                Schema = decoder.Schema
                IsRequired = true
            }
            (fun faults path element ->
                match element with
                | Some element -> decoder.Read faults path element
                | None ->
                    faults.Add(path, None, decoder.Expects)
                    None)

    /// A field that may be missing or null.
    let optional name (decoder: Decoder<'value>) =
        field
            {
                Name = name
                Schema = decoder.Schema
                IsRequired = false
            }
            (fun faults path element ->
                match element with
                | Some element when element.ValueKind <> JsonValueKind.Null ->
                    decoder.Read faults path element |> Option.map Some
                | _ -> Some None)

    /// A field that may be missing; null is a valid value.
    let optionalOrNull name (decoder: Decoder<'value>) =
        field
            {
                Name = name
                Schema = decoder.Schema
                IsRequired = false
            }
            (fun faults path element ->
                match element with
                | Some element -> decoder.Read faults path element |> Option.map Some
                | None -> Some None)

    /// Combines fields: `fields { let! a = ... and! b = ... return ... }`.
    type FieldsBuilder() =
        member _.MergeSources(first: Fields<'a>, second: Fields<'b>) : Fields<'a * 'b> = {
            Known = first.Known @ second.Known
            ReadAll =
                fun faults path members ->
                    // Both are read, so that the errors of both are found.
                    let one = first.ReadAll faults path members
                    let other = second.ReadAll faults path members
                    Option.map2 (fun one other -> one, other) one other
        }

        member _.BindReturn(fields: Fields<'a>, map: 'a -> 'b) : Fields<'b> = {
            Known = fields.Known
            ReadAll = fun faults path members -> fields.ReadAll faults path members |> Option.map map
        }

    let fields = FieldsBuilder()

    /// Converts the value of several fields. The function gets the path of the object and adds the errors that it finds.
    let refine (make: Faults -> JsonPath -> 'a -> 'b) (fields: Fields<'a>) : Fields<'b> = {
        Known = fields.Known
        ReadAll =
            fun faults path members ->
                fields.ReadAll faults path members
                |> Option.map (make faults path)
                |> Option.filter (fun _ -> faults.IsEmpty)
    }

    /// Validates several fields together. The function gets the path of the object and adds the errors that it finds.
    let check (findFaults: Faults -> JsonPath -> 'value -> unit) (fields: Fields<'value>) = {
        fields with
            ReadAll =
                fun faults path members ->
                    let value = fields.ReadAll faults path members
                    value |> Option.iter (findFaults faults path)
                    if faults.IsEmpty then value else None
    }

    let private add (members: Dictionary<string, JsonElement list>) (property: JsonProperty) =
        match members.TryGetValue property.Name with
        | true, others -> members[property.Name] <- property.Value :: others
        | _ -> members[property.Name] <- [ property.Value ]

    /// The known members; unknown ones are reported as errors.
    let private membersOf (faults: Faults) path known expects (element: JsonElement) : Members =
        let members = Dictionary<string, JsonElement list>(StringComparer.OrdinalIgnoreCase)

        for property in element.EnumerateObject() |> Seq.takeWhile (fun _ -> not faults.IsFull) do
            if Set.contains (property.Name.ToLowerInvariant()) known then
                add members property
            else
                faults.Add(JsonPath.Member(path, property.Name), Some(Excerpt.ofElement property.Value), expects)

        members

    /// An object with these fields and no others.
    let object (fields: Fields<'value>) =
        let names = fields.Known |> List.map _.Name
        let known = names |> List.map _.ToLowerInvariant() |> Set.ofList
        let expects = $"""a JSON object with the fields {String.concat ", " names}"""
        let onlyKnown = $"""only the fields {String.concat ", " names}"""

        {
            Expects = expects
            Schema = ObjectOf fields.Known
            Read =
                fun faults path element ->
                    match element.ValueKind with
                    | JsonValueKind.Object ->
                        let members = membersOf faults path known onlyKnown element
                        let value = fields.ReadAll faults path members
                        if faults.IsEmpty then value else None
                    | _ ->
                        faults.Add(path, Some(Excerpt.ofElement element), expects)
                        None
        }

    /// An object with arbitrary member names, whose values are all of one kind.
    let mapOf (item: Decoder<'item>) =
        let expects = $"a JSON object, each value {item.Expects}"

        {
            Expects = expects
            Schema = MapOf item.Schema
            Read =
                fun faults path element ->
                    match element.ValueKind with
                    | JsonValueKind.Object ->
                        let items =
                            element.EnumerateObject()
                            |> Seq.takeWhile (fun _ -> not faults.IsFull)
                            |> Seq.choose (fun property ->
                                item.Read faults (JsonPath.Member(path, property.Name)) property.Value
                                |> Option.map (fun value -> property.Name, value))
                            |> Map.ofSeq

                        if faults.IsEmpty then Some items else None
                    | _ ->
                        faults.Add(path, Some(Excerpt.ofElement element), expects)
                        None
        }

    /// An object in which one text member, the tag, determines the other fields.
    let tagged tag (variants: (string * Fields<'value>) list) =
        let names = variants |> List.map fst
        let expects = $"""a JSON object whose {tag} is one of {String.concat ", " names}"""

        let tagMember = {
            Name = tag
            Schema = Choice names
            IsRequired = true
        }

        let readers =
            variants
            |> List.map (fun (name, fields) ->
                name,
                object {
                    fields with
                        Known = tagMember :: fields.Known
                })

        let tagOf (element: JsonElement) =
            match element.ValueKind with
            | JsonValueKind.Object ->
                element.EnumerateObject()
                |> Seq.tryFind (fun property -> property.Name.Equals(tag, StringComparison.OrdinalIgnoreCase))
                |> Option.map _.Value
            | _ -> None

        let readerOf (value: JsonElement) =
            match value.ValueKind with
            | JsonValueKind.String ->
                let text = value.GetString()
                readers |> List.tryFind (fun (name, _) -> String.Equals(name, text))
            | _ -> None

        {
            Expects = expects
            Schema =
                VariantsOf [
                    for name, fields in variants ->
                        {
                            tagMember with
                                Schema = Choice [ name ]
                        }
                        :: fields.Known
                ]
            Read =
                fun faults path element ->
                    match element.ValueKind, tagOf element with
                    | JsonValueKind.Object, None ->
                        faults.Add(JsonPath.Member(path, tag), None, $"""one of {String.concat ", " names}""")
                        None
                    | JsonValueKind.Object, Some value ->
                        match readerOf value with
                        | Some(_, reader) -> reader.Read faults path element
                        | None ->
                            let received = Some(Excerpt.ofElement value)
                            faults.Add(JsonPath.Member(path, tag), received, $"""one of {String.concat ", " names}""")
                            None
                    | _ ->
                        faults.Add(path, Some(Excerpt.ofElement element), expects)
                        None
        }
