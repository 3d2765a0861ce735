namespace GopherFlow.Server

open System
open System.Reflection
open System.Text.Json.Nodes
open GopherFlow.Contract
open Microsoft.FSharp.Reflection

/// JSON schemas of the input of decoders and of the records of the contract.
module internal Schemas =

    let node (value: 'value) : JsonNode | null = JsonValue.Create<'value> value

    /// A member of an object.
    let (=>) (name: string) (value: JsonNode | null) = name, value

    /// An object with these members.
    let object (members: (string * (JsonNode | null)) list) =
        let object = JsonObject()

        for name, value in members do
            object.Add(name, value)

        object

    let array (items: (JsonNode | null) seq) = JsonArray(Array.ofSeq items)

    let private ofType (name: string) = object [ "type" => node name ]

    let private texts (values: string seq) = array (values |> Seq.map node)

    /// The schema of a decoder's input.
    let rec ofSchema (schema: Schema) : JsonObject =
        match schema with
        | Anything -> JsonObject()
        | Flag -> ofType "boolean"
        | Schema.Whole(least, most) ->
            object [
                "type" => node "integer"
                "format" => node (if most > int64 Int32.MaxValue then "int64" else "int32")
                "minimum" => node least
                "maximum" => node most
            ]
        | Number -> ofType "number"
        | Text None -> ofType "string"
        | Text(Some format) -> object [ "type" => node "string"; "format" => node format ]
        | Choice values -> object [ "type" => node "string"; "enum" => texts values ]
        | ListOf item -> object [ "type" => node "array"; "items" => ofSchema item ]
        | MapOf item -> object [ "type" => node "object"; "additionalProperties" => ofSchema item ]
        | AnyObject -> object [ "type" => node "object"; "additionalProperties" => node true ]
        | ObjectOf members -> ofMembers members
        | VariantsOf variants -> object [ "oneOf" => array [ for members in variants -> ofMembers members ] ]

    and private ofMembers (members: Member list) =
        let required = members |> List.filter _.IsRequired |> List.map _.Name

        object [
            "type" => node "object"
            "properties" => object [ for one in members -> one.Name => ofSchema one.Schema ]
            if not required.IsEmpty then
                "required" => texts required
            "additionalProperties" => node false
        ]

    let private isGeneric (definition: Type) (contract: Type) =
        contract.IsGenericType && contract.GetGenericTypeDefinition() = definition

    let private argument (contract: Type) = contract.GetGenericArguments()[0]

    let private reference (contract: Type) =
        object [ "$ref" => node $"#/components/schemas/{contract.Name}" ]

    let private nullable (schema: JsonObject) =
        match Option.ofObj schema["type"], Option.ofObj schema["$ref"] with
        | Some kind, _ ->
            schema["type"] <- array [ kind.DeepClone(); node "null" ]

            schema
        | _, Some _ -> object [ "anyOf" => array [ schema; ofType "null" ] ]
        | _ -> schema

    /// The schema of a type of the contract.
    let rec ofContract (contract: Type) : JsonObject =
        if contract = typeof<string> then
            ofType "string"
        elif contract = typeof<bool> then
            ofType "boolean"
        elif contract = typeof<int> then
            object [ "type" => node "integer"; "format" => node "int32" ]
        elif contract = typeof<int64> then
            object [ "type" => node "integer"; "format" => node "int64" ]
        elif contract = typeof<float> then
            object [ "type" => node "number"; "format" => node "double" ]
        elif contract = typeof<DateTimeOffset> then
            object [ "type" => node "string"; "format" => node "date-time" ]
        elif contract = typeof<RawJson> then
            JsonObject()
        elif isGeneric typedefof<option<_>> contract then
            nullable (ofContract (argument contract))
        elif isGeneric typedefof<list<_>> contract then
            object [ "type" => node "array"; "items" => ofContract (argument contract) ]
        elif FSharpType.IsRecord contract then
            reference contract
        else
            raise (NotSupportedException $"The contract has no wire form for {contract}.")

    let private ofField (record: Type) (field: PropertyInfo) =
        let schema = ofContract field.PropertyType

        match field.GetCustomAttribute<OneOfAttribute>() with
        | null -> ()
        | oneOf ->
            let values = texts oneOf.Texts

            if isGeneric typedefof<option<_>> field.PropertyType then
                values.Add(null)

            schema["enum"] <- values

        Docs.ofMember record field.Name
        |> Option.iter (fun text -> schema["description"] <- node text)

        schema

    /// The schema of a record.
    let ofRecord (record: Type) =
        let fields = FSharpType.GetRecordFields record

        let isOptional (field: PropertyInfo) =
            record = typeof<ProblemDetails>
            && isGeneric typedefof<option<_>> field.PropertyType

        object [
            "type" => node "object"
            match Docs.ofType record with
            | Some text -> "description" => node text
            | None -> ()
            "properties"
            => object [ for field in fields -> Json.nameOf field.Name => ofField record field ]
            "required"
            => texts [
                for field in fields |> Seq.filter (isOptional >> not) -> Json.nameOf field.Name
            ]
        ]

    /// The records that a type of the contract consists of, including itself.
    let rec recordsOf (contract: Type) : Type list =
        if contract.IsGenericType then
            recordsOf (argument contract)
        elif FSharpType.IsRecord contract then
            contract
            :: (FSharpType.GetRecordFields contract
                |> List.ofArray
                |> List.collect (fun field -> recordsOf field.PropertyType))
        else
            []
