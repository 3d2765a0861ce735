namespace GopherFlow.Server

open System
open System.Text.Json
open System.Text.Json.Nodes
open GopherFlow.Contract

/// Creates the OpenAPI 3.1 document from the routes: `ofRoutes`.
module internal OpenApiDocument =

    open Schemas

    let private capital (word: string) =
        word.Substring(0, 1).ToUpperInvariant() + word.Substring 1

    let private parameter (parameter: Parameter) =
        object [
            "name" => node parameter.Name
            "in" => node ((string parameter.Place).ToLowerInvariant())
            "required" => node parameter.IsRequired
            "description" => node parameter.Expects
            "schema" => ofSchema parameter.Schema
        ]

    let private requestBody (route: Route) (schema: Schema) =
        let isRequired =
            match schema with
            | ObjectOf members -> members |> List.exists _.IsRequired
            | _ -> true

        object [
            "required" => node isRequired
            "content"
            => object [
                "application/json"
                => object [
                    "schema"
                    => object [ "$ref" => node $"#/components/schemas/{capital route.Name}Request" ]
                    match route.Example with
                    | Some example -> "example" => JsonNode.Parse example
                    | None -> ()
                ]
            ]
        ]

    let private response (reply: Response) =
        let content =
            match reply.ContentType, reply.Content with
            | Some contentType, Some content -> [ contentType => object [ "schema" => ofContract content ] ]
            | Some contentType, None -> [ contentType => object [ "schema" => object [ "type" => node "string" ] ] ]
            | _ -> []

        let isCreation = reply.Status = 201

        string reply.Status
        => object [
            "description" => node reply.Description
            if isCreation then
                "headers"
                => object [
                    "Location"
                    => object [
                        "description" => node "The URL of the new object."
                        "schema" => object [ "type" => node "string" ]
                    ]
                ]
            if not content.IsEmpty then
                "content" => object content
        ]

    /// The problems that all routes of this kind can return.
    let private usualProblems (route: Route) = [
        if not route.Parameters.IsEmpty || route.Body.IsSome then
            Problem.invalidRequest [ FaultyField.create "limit" (Some "0") "a whole number from 1 to 1000" ]
        if route.Access <> Anyone then
            Problem.unauthenticated
            Problem.wrongApiKey

            if route.Method <> "GET" then
                Problem.missingAntiForgeryHeader
        if route.Access = Operators then
            Problem.notAllowed "viewer" [ "operator"; "admin" ]
        if route.Access = Admins then
            Problem.notAllowed "operator" [ "admin" ]
        if route.Body.IsSome then
            Problem.bodyTooLarge (
                if route.Access = Anyone then
                    Inputs.MaxAnonymousBody
                else
                    1048576
            )

            Problem.wrongContentType (Some "text/plain")
        Problem.wrongHost "attacker.example"
        Problem.databaseBusy
        Problem.stopping
        Problem.unexpected
    ]

    let private problemExample (problem: Problem) =
        let bytes = Json.problemBytes "4bf92f3577b34da6a3ce929d0e0e4736" problem

        problem.Kind
        => object [ "summary" => node problem.Title; "value" => JsonNode.Parse bytes.Span ]

    let private problems (status: int, same: Problem list) =
        string status
        => object [
            "description"
            => node (same |> List.map _.Title |> List.distinct |> String.concat "; ")
            "content"
            => object [
                "application/problem+json"
                => object [
                    "schema" => ofContract typeof<ProblemDetails>
                    "examples" => object (same |> List.distinctBy _.Kind |> List.map problemExample)
                ]
            ]
        ]

    let private responses (route: Route) =
        let refusals =
            route.Problems @ usualProblems route |> List.groupBy _.Status |> List.sortBy fst

        object [ yield! List.map response route.Replies; yield! List.map problems refusals ]

    let private security (route: Route) =
        if route.Access = Anyone then
            JsonArray()
        else
            array [ object [ "apiKey" => JsonArray() ]; object [ "session" => JsonArray() ] ]

    let private roleOf access =
        match access with
        | Anyone -> "For everybody."
        | SignedIn -> "For every role."
        | Operators -> "For operators and admins."
        | Admins -> "For admins."

    let private operation (route: Route) =
        object [
            "operationId" => node route.Name
            "summary" => node route.Summary
            "description" => node (roleOf route.Access)
            "tags" => array [ node route.Subject ]
            if not route.Parameters.IsEmpty then
                "parameters" => array [ for one in route.Parameters -> parameter one ]
            match route.Body with
            | Some schema -> "requestBody" => requestBody route schema
            | None -> ()
            "responses" => responses route
            "security" => security route
        ]

    let private paths (routes: Route list) =
        object [
            for path, same in List.groupBy _.Path routes ->
                path
                => object [ for route in same -> route.Method.ToLowerInvariant() => operation route ]
        ]

    /// Records that are sent as events, not as responses.
    let private events = [ typeof<Hello>; typeof<WorkflowEvent>; typeof<DefinitionEvent> ]

    let private schemas (routes: Route list) =
        let answers =
            routes
            |> List.collect _.Replies
            |> List.choose _.Content
            |> List.append (typeof<ProblemDetails> :: events)

        let records =
            answers |> List.collect recordsOf |> List.distinct |> List.sortBy _.Name

        object [
            for record in records do
                record.Name => ofRecord record

            for route in routes do
                match route.Body with
                | Some schema -> capital route.Name + "Request" => ofSchema schema
                | None -> ()
        ]

    let private securitySchemes () =
        object [
            "apiKey"
            => object [
                "type" => node "apiKey"
                "in" => node "header"
                "name" => node Authorise.ApiKeyHeader
            ]
            "session"
            => object [
                "type" => node "apiKey"
                "in" => node "cookie"
                "name" => node SessionCookie.Name
                "description"
                => node
                    $"Set by signing in. Changes also require the header {Authorise.AntiForgeryHeader}: {Authorise.AntiForgeryValue}."
            ]
        ]

    /// Creates the document.
    let ofRoutes (routes: Route list) : JsonObject =
        object [
            "openapi" => node "3.1.0"
            "info"
            => object [
                "title" => node "GopherFlow"
                "version" => node ServerVersion.text
                "description"
                => node
                    "Create, watch and operate workflows. Field names are case-insensitive; unknown fields are rejected. Lists are paged by limit and cursor. Errors are problem details (RFC 9457)."
                "license"
                => object [ "name" => node "Apache-2.0"; "identifier" => node "Apache-2.0" ]
            ]
            "servers" => array [ object [ "url" => node "/" ] ]
            "tags"
            => array [
                for subject in routes |> List.map _.Subject |> List.distinct -> object [ "name" => node subject ]
            ]
            "paths" => paths routes
            "components"
            => object [ "schemas" => schemas routes; "securitySchemes" => securitySchemes () ]
        ]

    /// The document as text.
    let text (routes: Route list) =
        (ofRoutes routes).ToJsonString(JsonSerializerOptions(WriteIndented = true))
