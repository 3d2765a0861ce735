namespace GopherFlow.Server

open System
open System.Globalization
open System.IO.Pipelines
open System.Threading.Tasks
open GopherFlow.Rules
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features
open Microsoft.AspNetCore.Routing
open Microsoft.AspNetCore.Routing.Patterns

/// Where a parameter of a route is.
type Place =
    | Path
    | Query
    | Header

/// A parameter of a route, for the OpenAPI document.
type Parameter = {
    Name: string
    Place: Place
    Schema: Schema
    IsRequired: bool
    Expects: string
}

/// The result of reading a request.
type Reading<'value> =
    | Read of 'value
    | Faulty of FaultyField list
    | Refused of Problem

/// An input of a route: its description, and a function that reads it from a request.
type Input<'value> = {
    Parameters: Parameter list
    Body: Schema option
    Read: Services -> HttpContext -> Task<Reading<'value>>
}

/// Combines inputs: `input { let! a = ... and! b = ... return ... }`. The validation errors of all are collected; a refusal has precedence.
type InputBuilder() =

    member _.MergeSources(first: Input<'a>, second: Input<'b>) : Input<'a * 'b> = {
        Parameters = first.Parameters @ second.Parameters
        Body = Option.orElse second.Body first.Body
        Read =
            fun services http ->
                task {
                    let! one = first.Read services http

                    match one with
                    | Refused problem -> return Refused problem
                    | _ ->
                        let! other = second.Read services http

                        return
                            match one, other with
                            | _, Refused problem
                            | Refused problem, _ -> Refused problem
                            | Read one, Read other -> Read(one, other)
                            | Faulty first, Faulty second -> Faulty(List.truncate Faults.Most (first @ second))
                            | Faulty faults, _
                            | _, Faulty faults -> Faulty faults
                }
    }

    member _.BindReturn(input: Input<'a>, map: 'a -> 'b) : Input<'b> = {
        Parameters = input.Parameters
        Body = input.Body
        Read =
            fun services http ->
                task {
                    match! input.Read services http with
                    | Read value -> return Read(map value)
                    | Faulty faults -> return Faulty faults
                    | Refused problem -> return Refused problem
                }
    }

/// The inputs that routes are composed of.
module internal Inputs =

    let input = InputBuilder()

    /// No input.
    let nothing: Input<unit> = {
        Parameters = []
        Body = None
        Read = fun _ _ -> Task.FromResult(Read())
    }

    let private parameter place name schema isRequired expects (read: HttpContext -> Result<'value, FaultyField>) = {
        Parameters = [
            {
                Name = name
                Place = place
                Schema = schema
                IsRequired = isRequired
                Expects = expects
            }
        ]
        Body = None
        Read =
            fun _ http ->
                match read http with
                | Ok value -> Read value
                | Error fault -> Faulty [ fault ]
                |> Task.FromResult
    }

    // ---- The path ----

    /// The position of a parameter, counted from the end of the route (1 is the last part).
    let private placeFromEnd name (http: HttpContext) =
        match http.GetEndpoint() with
        | :? RouteEndpoint as endpoint ->
            let parts = List.ofSeq endpoint.RoutePattern.PathSegments

            parts
            |> List.tryFindIndex (fun part ->
                part.Parts
                |> Seq.exists (function
                    | :? RoutePatternParameterPart as parameter -> parameter.Name = name
                    | _ -> false))
            |> Option.map (fun index -> parts.Length - index)
        | _ -> None

    let private isDots (part: string) =
        match Uri.UnescapeDataString part with
        | "."
        | ".." -> true
        | _ -> false

    /// Reads the value from the raw request target, because routing keeps an escaped slash escaped, which makes it ambiguous. Routing
    /// has removed "." and "..", so in a raw target with them the parts are at other positions; the value is then empty.
    let private pathValue name (http: HttpContext) =
        match http.Features.Get<IHttpRequestFeature>(), placeFromEnd name http with
        | NonNull request, Some place ->
            let path = request.RawTarget.Split('?')[0]
            let parts = path.TrimEnd('/').Split '/'

            if Array.exists isDots parts then
                ""
            else
                Uri.UnescapeDataString parts[parts.Length - place]
        | _ -> ""

    let private hasNul (text: string) = text.Contains '\000'

    let private nulFault name (text: string) =
        FaultyField.create name (Some(Excerpt.ofText (text.Replace("\000", "\\u0000")))) "a text without NUL characters"

    /// A text in the path.
    let pathText name expects =
        parameter Path name (Text None) true expects (fun http ->
            match pathValue name http with
            | text when hasNul text -> Error(nulFault name text)
            | text -> Ok text)

    /// Parses an id.
    let private parseId (text: string) =
        match Int64.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, id -> Some id
        | _ -> None

    /// An id in the path.
    let pathId name (ofWhat: string) =
        let expects = $"the id of {ofWhat}, a whole number"

        parameter Path name (Schema.Whole(1L, Int64.MaxValue)) true expects (fun http ->
            let text = pathValue name http

            match parseId text with
            | Some id -> Ok id
            | None -> Error(FaultyField.create name (Some(Excerpt.ofText text)) expects))

    // ---- The query ----

    let private queryValues (http: HttpContext) (name: string) =
        http.Request.Query[name] |> Seq.choose Option.ofObj |> List.ofSeq

    let private queryValue name expects (parse: string -> 'value option) (http: HttpContext) =
        match queryValues http name with
        | [] -> Ok None
        | [ text ] when hasNul text -> Error(nulFault name text)
        | [ text ] ->
            match parse text with
            | Some value -> Ok(Some value)
            | None -> Error(FaultyField.create name (Some(Excerpt.ofText text)) expects)
        | several -> Error(FaultyField.create name (Some $"{several.Length} of them") $"{expects}, once at most")

    /// An optional query parameter.
    let query name schema expects parse =
        parameter Query name schema false expects (queryValue name expects parse)

    /// A required query parameter.
    let requiredQuery name schema expects parse =
        parameter Query name schema true expects (fun http ->
            queryValue name expects parse http
            |> Result.bind (
                Option.map Ok
                >> Option.defaultValue (Error(FaultyField.create name None expects))
            ))

    let private filled (text: string) = if text = "" then None else Some text

    /// An optional text in the query.
    let queryText name expects = query name (Text None) expects filled

    /// A required text in the query.
    let requiredText name expects =
        requiredQuery name (Text None) expects filled

    /// An optional id in the query.
    let queryId name (ofWhat: string) =
        query name (Schema.Whole(1L, Int64.MaxValue)) $"the id of {ofWhat}, a whole number" (fun text ->
            parseId text |> Option.filter (fun id -> id > 0L))

    /// An optional instant in the query.
    let queryInstant name =
        query name (Text(Some "date-time")) Values.InstantExpected Values.parseInstant

    /// An optional choice of a few texts in the query.
    let queryChoice name (texts: (string * 'value) list) =
        let names = List.map fst texts

        query name (Choice names) $"""one of {String.concat ", " names}""" (fun text ->
            texts |> List.tryFind (fun (name, _) -> name = text) |> Option.map snd)

    let private optionalLimit (usual: int) (largest: int) =
        query
            "limit"
            (Schema.Whole(1L, largest))
            $"a whole number from 1 to {largest}; the default is {usual}"
            (fun text ->
                parseId text
                |> Option.filter (fun limit -> limit >= 1L && limit <= largest)
                |> Option.map int)

    /// The limit of a list without pages.
    let limit usual largest =
        input {
            let! limit = optionalLimit usual largest
            return defaultArg limit usual
        }

    /// The limit and cursor of a page.
    let page usual =
        let limit = optionalLimit usual Page.Largest

        let cursor = query "cursor" (Text None) Page.CursorExpected Page.tryCursor

        input {
            let! limit = limit
            and! cursor = cursor

            return {
                Limit = defaultArg limit usual
                After = cursor
            }
        }

    // ---- Headers ----

    [<Literal>]
    let private LongestHeader = 500

    /// An optional header.
    let header (name: string) expects =
        parameter Header name (Text None) false expects (fun http ->
            match http.Request.Headers[name].ToString().Trim() with
            | "" -> Ok None
            | text when text.Length > LongestHeader || Seq.exists Char.IsControl text ->
                Error(FaultyField.create name (Some(Excerpt.ofText text)) expects)
            | text -> Ok(Some text))

    // ---- The body ----

    /// Kestrel's own limit is removed because it would close the connection of a client that is still sending, without a response.
    let private liftLimit (http: HttpContext) =
        match http.Features.Get<IHttpMaxRequestBodySizeFeature>() with
        | null -> ()
        | feature when feature.IsReadOnly -> ()
        | feature -> feature.MaxRequestBodySize <- Nullable()

    let private hasBody (http: HttpContext) =
        match http.Features.Get<IHttpRequestBodyDetectionFeature>() with
        | null -> http.Request.ContentLength <> Nullable 0L
        | feature -> feature.CanHaveBody

    /// The maximum number of bytes in a body from a caller that is not signed in.
    [<Literal>]
    let MaxAnonymousBody = 65536

    let private limitOf (services: Services) (http: HttpContext) =
        match Caller.tryFind http with
        | Some _ -> services.Settings.MaxBodyBytes
        | None -> min MaxAnonymousBody services.Settings.MaxBodyBytes

    let private declaredTooLarge limit (http: HttpContext) =
        http.Request.ContentLength.GetValueOrDefault() > int64 limit

    let private isTooLarge limit (read: ReadResult) = read.Buffer.Length > int64 limit

    let private readBody (decoder: Decoder<'request>) (services: Services) (http: HttpContext) =
        task {
            let limit = limitOf services http
            liftLimit http

            if hasBody http && not (http.Request.HasJsonContentType()) then
                return Refused(Problem.wrongContentType (Option.ofObj http.Request.ContentType))
            elif declaredTooLarge limit http then
                return Refused(Problem.bodyTooLarge limit)
            else
                let! read = http.Request.BodyReader.ReadAtLeastAsync(limit + 1, http.RequestAborted)

                if isTooLarge limit read then
                    return Refused(Problem.bodyTooLarge limit)
                else
                    let decoded = Decode.body decoder http.RequestAborted read.Buffer
                    http.Request.BodyReader.AdvanceTo read.Buffer.End

                    match decoded with
                    | Ok request -> return Read request
                    | Error faults -> return Faulty faults
        }

    /// The body, as JSON.
    let body (decoder: Decoder<'request>) : Input<'request> = {
        Parameters = []
        Body = Some decoder.Schema
        Read = readBody decoder
    }

    /// The body, as JSON, with a decoder that is chosen from the rest of the request.
    let bodyFor (schema: Schema) (choose: HttpContext -> Decoder<'request>) : Input<'request> = {
        Parameters = []
        Body = Some schema
        Read = fun services http -> readBody (choose http) services http
    }

    // ---- Rows ----

    let private findByNumber (services: Services) (text: string) (http: HttpContext) =
        task {
            match parseId text with
            | Some id ->
                let! found = services.Store.FindAsync(id, http.RequestAborted)
                return Option.ofObj found
            | None -> return None
        }

    let private findWorkflow (services: Services) (text: string) (http: HttpContext) =
        task {
            match! findByNumber services text http with
            | Some workflow -> return Some workflow
            | None ->
                let! found = services.Store.FindByExternalIdAsync(text, http.RequestAborted)
                return Option.ofObj found
        }

    /// The workflow with the id in the path or, if there is none, with that external id.
    let workflow: Input<WorkflowRecord> =
        let text = pathText "id" "the id or external id of a workflow"

        {
            Parameters = text.Parameters
            Body = None
            Read =
                fun services http ->
                    task {
                        match! text.Read services http with
                        | Read text ->
                            match! findWorkflow services text http with
                            | Some workflow ->
                                Audit.aim http {
                                    Kind = "workflow"
                                    Id = string workflow.Id
                                }

                                return Read workflow
                            | None ->
                                return
                                    Refused(
                                        Problem.notFound
                                            "id"
                                            (Excerpt.ofText text)
                                            "the id or external id of a workflow"
                                    )
                        | Faulty faults -> return Faulty faults
                        | Refused problem -> return Refused problem
                    }
        }
