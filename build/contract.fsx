// Generates the C# client's records and methods and the Postman collection from the OpenAPI description.

open System
open System.Collections.Generic
open System.Text
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes

let private capital (word: string) =
    if word = "" then
        ""
    else
        word.Substring(0, 1).ToUpperInvariant() + word.Substring 1

let private tryGet (name: string) (node: JsonNode) =
    match node with
    | :? JsonObject as object -> Option.ofObj object[name]
    | _ -> None

let private text (node: JsonNode) = node.GetValue<string>()

let private members (node: JsonNode) = [ for KeyValue(name, value) in node.AsObject() -> name, value ]

let private items (node: JsonNode) = List.ofSeq (node.AsArray())

/// The C# type of a schema.
type private Shape =
    | Named of string
    | Nullable of Shape
    | Listed of Shape
    | Mapped of Shape

let rec private typeName shape =
    match shape with
    | Named name -> name
    | Nullable inner -> $"{typeName inner}?"
    | Listed inner -> $"IReadOnlyList<{typeName inner}>"
    | Mapped inner -> $"IReadOnlyDictionary<string, {typeName inner}>"

let private summaryLines indent (summary: string) =
    let escaped = summary.Replace("&", "&amp;").Replace("<", "&lt;")
    $"{indent}/// <summary>{escaped}</summary>\n"

/// Generates the records. Records nested in others are named after their path.
type private Records() =
    let output = StringBuilder()
    let known = HashSet<string>()

    member _.Text = output.ToString()

    member records.ShapeOf(name: string, schema: JsonNode) : Shape =
        match tryGet "$ref" schema, tryGet "anyOf" schema, tryGet "oneOf" schema, tryGet "type" schema with
        | Some reference, _, _, _ -> Named((text reference).Split('/') |> Array.last)
        | _, Some options, _, _ -> Nullable(records.ShapeOf(name, (items options).Head))
        | _, _, Some variants, _ ->
            records.AddVariants(name, items variants)
            Named name
        | _, _, _, Some(:? JsonArray as types) ->
            let only = schema.DeepClone()
            only["type"] <- types[0].DeepClone()
            Nullable(records.ShapeOf(name, only))
        | _, _, _, Some kind -> records.OfType(name, text kind, schema)
        | _ -> Named "JsonElement"

    member private records.OfType(name, kind, schema) =
        match kind with
        | "boolean" -> Named "bool"
        | "number" -> Named "double"
        | "integer" when tryGet "format" schema |> Option.map text = Some "int64" -> Named "long"
        | "integer" -> Named "int"
        | "string" when tryGet "format" schema |> Option.map text = Some "date-time" -> Named "DateTimeOffset"
        | "string" -> Named "string"
        | "array" -> Listed(records.ShapeOf(name, schema["items"]))
        | _ ->
            match tryGet "properties" schema, tryGet "additionalProperties" schema with
            | Some _, _ ->
                records.Add(name, schema, None)
                Named name
            | None, Some(:? JsonObject as item) -> Mapped(records.ShapeOf(name, item))
            | _ -> Named "JsonElement"

    member private records.AddVariants(name, variants: JsonNode list) =
        if known.Add name then
            let tagOf (variant: JsonNode) =
                members variant["properties"]
                |> List.pick (fun (field, schema) ->
                    tryGet "enum" schema
                    |> Option.bind (fun texts ->
                        match items texts with
                        | [ one ] -> Some(field, text one)
                        | _ -> None))

            let tag = fst (tagOf variants.Head)
            let named = variants |> List.map (fun variant -> variant, snd (tagOf variant))

            output.Append(summaryLines "" $"One of the derived records, selected by \"{tag}\" in the JSON.")
            |> ignore

            output.Append($"[JsonPolymorphic(TypeDiscriminatorPropertyName = \"{tag}\")]\n")
            |> ignore

            for _, kind in named do
                output.Append($"[JsonDerivedType(typeof({name}{capital kind}), \"{kind}\")]\n")
                |> ignore

            output.Append($"public abstract record {name};\n\n") |> ignore

            for variant, kind in named do
                let rest = variant.DeepClone()
                rest["properties"].AsObject().Remove tag |> ignore
                records.Add($"{name}{capital kind}", rest, Some name)

    member records.Add(name: string, schema: JsonNode, parent: string option) =
        if known.Add name then
            let required =
                tryGet "required" schema
                |> Option.map (items >> List.map text >> Set.ofList)
                |> Option.defaultValue Set.empty

            let fields = [
                for field, inner in members schema["properties"] ->
                    field, inner, records.ShapeOf(name + capital field, inner)
            ]

            let about =
                tryGet "description" schema
                |> Option.map text
                |> Option.defaultValue "A body of the API."

            let from =
                parent |> Option.map (fun parent -> $" : {parent}") |> Option.defaultValue ""

            output.Append(summaryLines "" about) |> ignore

            if fields.IsEmpty then
                output.Append($"public sealed record {name}{from};\n\n") |> ignore
            else
                output.Append($"public sealed record {name}{from}\n{{\n") |> ignore

                fields
                |> List.iteri (fun index (field, inner, shape) ->
                    if index > 0 then
                        output.Append '\n' |> ignore

                    tryGet "description" inner
                    |> Option.map text
                    |> Option.defaultValue $"\"{field}\" in the JSON."
                    |> summaryLines "    "
                    |> output.Append
                    |> ignore

                    let isRequired = required.Contains field

                    let shape =
                        match shape with
                        | Nullable _ -> shape
                        | shape when isRequired -> shape
                        | shape -> Nullable shape

                    let modifier = if isRequired then "required " else ""

                    output.Append($"    public {modifier}{typeName shape} {capital field} {{ get; init; }}\n")
                    |> ignore)

                output.Append "}\n\n" |> ignore

let private heading =
    "// Generated from the OpenAPI description by: dotnet fsi build.fsx contract\n#nullable enable\n"

/// The records of the C# client.
let recordsOf (document: JsonNode) =
    let records = Records()

    for name, schema in members document["components"].["schemas"] do
        records.Add(name, schema, None)

    heading
    + "using System.Text.Json;\nusing System.Text.Json.Serialization;\n\nnamespace GopherFlow.Client;\n\n"
    + records.Text.TrimEnd()
    + "\n"

let private methodsOfPath = [ "get"; "put"; "post"; "delete"; "patch" ]

let private operations (document: JsonNode) = [
    for path, methods in members document["paths"] do
        for verb, operation in members methods do
            if List.contains verb methodsOfPath then
                path, verb, operation
]

let private successOf (operation: JsonNode) =
    members operation["responses"]
    |> List.filter (fun (status, _) -> status.StartsWith '2')
    |> List.tryPick (fun (_, response) ->
        tryGet "content" response
        |> Option.bind (tryGet "application/json")
        |> Option.map (fun media -> media["schema"]))

let private parameterType (schema: JsonNode) =
    match Records().ShapeOf("", schema) with
    | Named name -> name
    | _ -> "string"

/// The source of one method of the C# client.
let private methodOf (path: string, verb: string, operation: JsonNode) =
    let name = text operation["operationId"]

    let parameters =
        tryGet "parameters" operation |> Option.map items |> Option.defaultValue []

    let place (parameter: JsonNode) = text parameter["in"]
    let inPath = parameters |> List.filter (fun parameter -> place parameter = "path")
    let others = parameters |> List.filter (fun parameter -> place parameter <> "path")

    let identifier (parameter: JsonNode) =
        let words = (text parameter["name"]).Split('-')
        let joined = words |> Array.map capital |> String.concat ""
        let name = joined.Substring(0, 1).ToLowerInvariant() + joined.Substring 1

        if List.contains name [ "from"; "to"; "at" ] then
            $"@{name}"
        else
            name

    let typed (parameter: JsonNode) =
        parameterType parameter["schema"] + " " + identifier parameter

    let optionally (parameter: JsonNode) =
        parameterType parameter["schema"] + "? " + identifier parameter + " = null"

    let body = tryGet "requestBody" operation

    let bodyIsRequired =
        body |> Option.exists (fun body -> (body["required"]).GetValue<bool>())

    let bodyType = capital name + "Request"

    let hasFields = body.IsSome

    let answer =
        successOf operation
        |> Option.map (fun schema -> typeName (Records().ShapeOf("", schema)))

    let arguments = [
        for parameter in inPath do
            typed parameter
        if hasFields && bodyIsRequired then
            $"{bodyType} request"
        for parameter in others do
            if (parameter["required"]).GetValue<bool>() then
                typed parameter
        if hasFields && not bodyIsRequired then
            $"{bodyType}? request = null"
        for parameter in others do
            if not ((parameter["required"]).GetValue<bool>()) then
                optionally parameter
        "CancellationToken cancellation = default"
    ]

    let filledPath =
        inPath
        |> List.fold
            (fun (path: string) parameter ->
                path.Replace("{" + text parameter["name"] + "}", "{Escape(" + identifier parameter + ")}"))
            path

    let ofPlace wanted =
        others
        |> List.filter (fun parameter -> place parameter = wanted)
        |> List.map (fun parameter ->
            let name = text parameter["name"]
            $"(\"{name}\", Text({identifier parameter}))")
        |> String.concat ", "

    let call =
        let result =
            answer |> Option.map (fun answer -> $"<{answer}>") |> Option.defaultValue ""

        let request = if hasFields then "request" else "null"
        let query, headers = ofPlace "query", ofPlace "header"
        $"SendAsync{result}(HttpMethod.{capital verb}, $\"{filledPath}\", [{query}], [{headers}], {request}, cancellation)"

    let result =
        answer
        |> Option.map (fun answer -> $"Task<{answer}>")
        |> Option.defaultValue "Task"

    let argumentText = String.concat ", " arguments

    summaryLines "    " (text operation["summary"])
    + "    /// <exception cref=\"GopherFlowException\">The server rejected the request.</exception>\n"
    + $"    public {result} {capital name}Async({argumentText}) =>\n        {call};\n"

let private handwritten =
    set [ "listen"; "getOpenApi"; "getDocs"; "signIn"; "signOut"; "startOpenIdConnect" ]

let private isJsonOrNothing (operation: JsonNode) =
    (successOf operation).IsSome
    || members operation["responses"]
       |> List.exists (fun (status, _) -> status = "204")

/// The methods of the C# client.
let methodsOf (document: JsonNode) =
    let methods =
        operations document
        |> List.filter (fun (_, _, operation) ->
            not (handwritten.Contains(text operation["operationId"]))
            && isJsonOrNothing operation)
        |> List.map methodOf
        |> String.concat "\n"

    heading
    + "namespace GopherFlow.Client;\n\npublic sealed partial class GopherFlowClient\n{\n"
    + methods
    + "}\n"

let private object (pairs: (string * JsonNode) list) =
    let object = JsonObject()

    for name, value in pairs do
        object.Add(name, value)

    object

let private value (text: string) : JsonNode = JsonValue.Create text

let private postmanRequest (path: string, verb: string, operation: JsonNode) : JsonNode =
    let parameters =
        tryGet "parameters" operation |> Option.map items |> Option.defaultValue []

    let query = [
        for parameter in parameters do
            if text parameter["in"] = "query" then
                object [
                    "key", value (text parameter["name"])
                    "value", value ""
                    "description", value (text parameter["description"])
                    "disabled", JsonValue.Create(not ((parameter["required"]).GetValue<bool>()))
                ]
                :> JsonNode
    ]

    let parts = path.Trim('/').Replace("{", ":").Replace("}", "").Split '/'

    let variables = [
        for parameter in parameters do
            if text parameter["in"] = "path" then
                object [
                    "key", value (text parameter["name"])
                    "value", value "1"
                    "description", value (text parameter["description"])
                ]
                :> JsonNode
    ]

    let example =
        tryGet "requestBody" operation
        |> Option.bind (fun body -> tryGet "example" body["content"].["application/json"])

    object [
        "name", value (text operation["summary"])
        "request",
        object [
            "method", value (verb.ToUpperInvariant())
            "header",
            JsonArray(
                [|
                    if (tryGet "requestBody" operation).IsSome then
                        object [ "key", value "Content-Type"; "value", value "application/json" ] :> JsonNode
                |]
            )
            match example, tryGet "requestBody" operation with
            | Some example, _ ->
                "body",
                object [
                    "mode", value "raw"
                    "raw", value (example.ToJsonString(JsonSerializerOptions(WriteIndented = true)))
                ]
            | None, Some _ -> "body", object [ "mode", value "raw"; "raw", value "{}" ]
            | _ -> ()
            "url",
            object [
                "raw", value ("{{baseUrl}}/" + String.concat "/" parts)
                "host", JsonArray([| value "{{baseUrl}}" |])
                "path", JsonArray(parts |> Array.map value)
                if not query.IsEmpty then
                    "query", JsonArray(Array.ofList query)
                if not variables.IsEmpty then
                    "variable", JsonArray(Array.ofList variables)
            ]
        ]
    ]

/// The Postman collection (format 2.1), with one folder per tag.
let postmanOf (document: JsonNode) =
    let folders =
        operations document
        |> List.groupBy (fun (_, _, operation) -> text (items operation["tags"]).Head)
        |> List.map (fun (subject, same) ->
            object [
                "name", value subject
                "item", JsonArray(same |> List.map postmanRequest |> Array.ofList)
            ]
            :> JsonNode)

    let collection =
        object [
            "info",
            object [
                "name", value "GopherFlow"
                "schema", value "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
            ]
            "auth",
            object [
                "type", value "apikey"
                "apikey",
                JsonArray(
                    [|
                        for key, content in [ "key", "X-API-Key"; "value", "{{apiKey}}"; "in", "header" ] ->
                            object [ "key", value key; "value", value content; "type", value "string" ] :> JsonNode
                    |]
                )
            ]
            "variable",
            JsonArray(
                [|
                    for key, content in [ "baseUrl", "http://localhost:8080"; "apiKey", "" ] ->
                        object [ "key", value key; "value", value content ] :> JsonNode
                |]
            )
            "item", JsonArray(Array.ofList folders)
        ]

    collection.ToJsonString(
        JsonSerializerOptions(WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
    )
    + "\n"
