namespace GopherFlow.FSharp

open System
open System.Reflection
open System.Text.Json
open System.Text.Json.Serialization
open Microsoft.FSharp.Reflection

#nowarn "3261" // Reflection does not know which union fields may be null.

/// The JSON form of the fields of a union case.
type private CaseShape =
    /// "Case"
    | Bare
    /// {"Case": value}
    | Single
    /// {"Case": [value, value]}
    | Row
    /// {"Case": {"field": value}}
    | Named of string list

type private UnionCase = {
    Name: string
    Shape: CaseShape
    Types: Type list
    Make: objnull array -> objnull
    Read: objnull -> objnull array
}

/// The cases of one union and their JSON forms, which are readable in the console.
type private UnionCases(union: Type, serialization: JsonSerializerOptions) =
    let flags = BindingFlags.Public ||| BindingFlags.NonPublic ||| BindingFlags.Instance

    let named (field: PropertyInfo) =
        match serialization.PropertyNamingPolicy with
        | null -> field.Name
        | policy -> policy.ConvertName field.Name

    let shapeOf (fields: PropertyInfo array) =
        match fields with
        | [||] -> Bare
        | [| _ |] -> Single
        | several when
            several
            |> Array.forall (fun field -> field.Name.StartsWith("Item", StringComparison.Ordinal))
            ->
            Row
        | several -> several |> Array.map named |> List.ofArray |> Named

    let caseOf (case: UnionCaseInfo) =
        let make = FSharpValue.PreComputeUnionConstructor(case, flags)
        let read = FSharpValue.PreComputeUnionReader(case, flags)

        {
            Name = case.Name
            Shape = shapeOf (case.GetFields())
            Types = case.GetFields() |> Array.map _.PropertyType |> List.ofArray
            Make = fun values -> make (values |> Array.map Unchecked.nonNull)
            Read = fun value -> read (Unchecked.nonNull value) |> Array.map box
        }

    let all = FSharpType.GetUnionCases(union, flags) |> Array.map caseOf
    let tagOf = FSharpValue.PreComputeUnionTagReader(union, flags)
    let names = all |> Array.map _.Name |> String.concat ", "

    /// The only case of a union that wraps a single value, such as `type Email = Email of string`.
    member _.Wrapped =
        match all with
        | [| { Shape = Single } as case |] -> Some case
        | _ -> None

    member _.Of(value: objnull) = all[tagOf (Unchecked.nonNull value)]

    member _.Find(name: string | null, shape: string, fits: UnionCase -> bool) =
        match all |> Array.tryFind (fun case -> String.Equals(case.Name, name) && fits case) with
        | Some case -> case
        | None -> raise (JsonException $"'{name}' is not a case of {union.Name} {shape}; it has {names}.")

    member _.Mismatch() =
        JsonException $"Expected a case of {union.Name} ({names}) as a string or as an object with one member."

/// Converts unions to readable JSON: a case without fields is a string, any other case an object with one member. A union that
/// wraps a single value is written as that value.
type private UnionConverter<'union>(serialization: JsonSerializerOptions) =
    inherit JsonConverter<'union>()

    let cases = UnionCases(typeof<'union>, serialization)

    let make (case: UnionCase) (values: objnull list) =
        case.Make(Array.ofList values) |> unbox<'union>

    let read (element: JsonElement) (expected: Type) : objnull =
        element.Deserialize(expected, serialization)

    let readFields (case: UnionCase) (element: JsonElement) : objnull list =
        match case.Shape, element.ValueKind with
        | Single, _ -> [ read element case.Types.Head ]
        | Row, JsonValueKind.Array when element.GetArrayLength() = case.Types.Length ->
            List.map2 read (List.ofSeq (element.EnumerateArray())) case.Types
        | Named names, JsonValueKind.Object ->
            List.map2
                (fun (name: string) expected ->
                    match element.TryGetProperty name with
                    | true, field -> read field expected
                    | _ -> raise (JsonException $"Case {case.Name} lacks its field '{name}'."))
                names
                case.Types
        | _ -> raise (JsonException $"Case {case.Name} has {case.Types.Length} fields, which the JSON does not match.")

    let write (writer: Utf8JsonWriter) (value: objnull) (expected: Type) =
        JsonSerializer.Serialize(writer, value, expected, serialization)

    let writeFields (writer: Utf8JsonWriter) (case: UnionCase) (values: objnull list) =
        match case.Shape with
        | Bare -> ()
        | Single -> write writer values.Head case.Types.Head
        | Row ->
            writer.WriteStartArray()
            List.iter2 (write writer) values case.Types
            writer.WriteEndArray()
        | Named names ->
            writer.WriteStartObject()

            List.iter2
                (fun (name: string) (value, expected) ->
                    writer.WritePropertyName name
                    write writer value expected)
                names
                (List.zip values case.Types)

            writer.WriteEndObject()

    let isBare (case: UnionCase) = case.Shape.IsBare

    override _.Read(reader, _, _) =
        let element = JsonElement.ParseValue &reader

        match cases.Wrapped, element.ValueKind with
        | Some case, _ -> make case [ read element case.Types.Head ]
        | None, JsonValueKind.String -> make (cases.Find(element.GetString(), "without fields", isBare)) []
        | None, JsonValueKind.Object when element.GetPropertyCount() = 1 ->
            let field = element.EnumerateObject() |> Seq.head
            let case = cases.Find(field.Name, "with fields", (isBare >> not))
            make case (readFields case field.Value)
        | _ -> raise (cases.Mismatch())

    override _.Write(writer, value, _) =
        let value = box value
        let case = cases.Of value

        match cases.Wrapped, case.Shape with
        | Some wrapped, _ -> writeFields writer wrapped (List.ofArray (wrapped.Read value))
        | None, Bare -> writer.WriteStringValue case.Name
        | _ ->
            writer.WriteStartObject()
            writer.WritePropertyName case.Name
            writeFields writer case (List.ofArray (case.Read value))
            writer.WriteEndObject()

    override _.ReadAsPropertyName(reader, _, _) =
        make (cases.Find(reader.GetString(), "without fields", isBare)) []

    override _.WriteAsPropertyName(writer, value, _) =
        match cases.Of(box value) with
        | { Shape = Bare; Name = name } -> writer.WritePropertyName name
        | case -> raise (JsonException $"Case {case.Name} has fields, so it cannot be the key of a map.")

/// Creates converters for all unions except list, option and voption, which System.Text.Json supports itself.
type internal UnionConverterFactory() =
    inherit JsonConverterFactory()

    let known = [ typedefof<_ list>; typedefof<_ option>; typedefof<_ voption> ]

    override _.CanConvert candidate =
        FSharpType.IsUnion(candidate, true)
        && not (
            candidate.IsGenericType
            && List.contains (candidate.GetGenericTypeDefinition()) known
        )

    override _.CreateConverter(union, serialization) =
        let converter = typedefof<UnionConverter<_>>.MakeGenericType union
        Unchecked.nonNull (Activator.CreateInstance(converter, serialization)) :?> JsonConverter
