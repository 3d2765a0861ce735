namespace GopherFlow.Server

open System
open System.Globalization
open System.IO.Pipelines
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features
open Microsoft.AspNetCore.Routing
open Microsoft.AspNetCore.Routing.Patterns

/// What a request carries, decoded before a handler sees it: `json` the body, `pathText` and `pathId` the path, `query` the query.
module Body =

    /// The server's own limit is lifted because it would close the connection on a client that still sends, instead of answering.
    let private liftLimit (http: HttpContext) =
        match http.Features.Get<IHttpMaxRequestBodySizeFeature>() with
        | null -> ()
        | feature when feature.IsReadOnly -> ()
        | feature -> feature.MaxRequestBodySize <- Nullable()

    let private hasBody (http: HttpContext) =
        match http.Features.Get<IHttpRequestBodyDetectionFeature>() with
        | null -> http.Request.ContentLength <> Nullable 0L
        | feature -> feature.CanHaveBody

    let private declaredTooLarge limit (http: HttpContext) =
        http.Request.ContentLength.GetValueOrDefault() > int64 limit

    let private isTooLarge limit (read: ReadResult) = read.Buffer.Length > int64 limit

    /// Reads the body as JSON and passes the request on, or refuses with all of its faults.
    let json (services: Services) (decoder: Decoder<'request>) (handle: 'request -> Handler) : Handler =
        fun http ->
            task {
                let limit = services.Settings.MaxBodyBytes
                liftLimit http

                if hasBody http && not (http.Request.HasJsonContentType()) then
                    return Refusal(Problem.wrongContentType (Option.ofObj http.Request.ContentType))
                elif declaredTooLarge limit http then
                    return Refusal(Problem.bodyTooLarge limit)
                else
                    let! read = http.Request.BodyReader.ReadAtLeastAsync(limit + 1, http.RequestAborted)

                    if isTooLarge limit read then
                        return Refusal(Problem.bodyTooLarge limit)
                    else
                        let decoded = Decode.body decoder read.Buffer
                        http.Request.BodyReader.AdvanceTo read.Buffer.End

                        match decoded with
                        | Ok request -> return! handle request http
                        | Error faults -> return Refusal(Problem.invalidRequest faults)
            }

    /// How many parts of the route come after the one of that name; the part itself included.
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

    /// Read from the target as it was sent: routing leaves an escaped slash escaped, so that it cannot be told from its own text.
    let private pathValue name (http: HttpContext) =
        match http.Features.Get<IHttpRequestFeature>(), placeFromEnd name http with
        | NonNull request, Some place ->
            let path = request.RawTarget.Split('?')[0]
            let parts = path.TrimEnd('/').Split '/'
            Uri.UnescapeDataString parts[parts.Length - place]
        | _ -> ""

    /// The id that a text is.
    let parseId (text: string) =
        match Int64.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, id -> Some id
        | _ -> None

    /// Passes a part of the path on.
    let pathText name (handle: string -> Handler) : Handler =
        fun http -> handle (pathValue name http) http

    /// Passes a part of the path on that must be the id of a row.
    let pathId name (handle: int64 -> Handler) : Handler =
        fun http ->
            task {
                let text = pathValue name http

                match parseId text with
                | Some id -> return! handle id http
                | None ->
                    let fault =
                        FaultyField.create name (Some text) "the id of a workflow, a whole number"

                    return Refusal(Problem.invalidRequest [ fault ])
            }

    /// Reads a text of the query; None when it is not given.
    let private queryText (http: HttpContext) (name: string) =
        match http.Request.Query[name] |> Seq.choose Option.ofObj |> List.ofSeq with
        | [] -> Ok None
        | [ "" ] -> Error [ FaultyField.create name (Some "an empty text") "a text that is not empty" ]
        | [ text ] -> Ok(Some text)
        | several ->
            Error [
                FaultyField.create name (Some $"{several.Length} of them") "the text once at most"
            ]

    /// Passes a text of the query on that may be missing.
    let optionalText name (handle: string option -> Handler) : Handler =
        fun http ->
            match queryText http name with
            | Ok text -> handle text http
            | Error faults -> Task.FromResult(Refusal(Problem.invalidRequest faults))

    /// Passes two texts of the query on, both of which must be there.
    let bothTexts first second expected (handle: string * string -> Handler) : Handler =
        let needed http name =
            queryText http name
            |> Result.bind (
                Option.map Ok
                >> Option.defaultValue (Error [ FaultyField.create name None expected ])
            )

        fun http ->
            match Values.both (needed http first) (needed http second) with
            | Ok texts -> handle texts http
            | Error faults -> Task.FromResult(Refusal(Problem.invalidRequest faults))

    /// Reads a whole number of the query; None when it is not given.
    let private queryNumber (http: HttpContext) name (least: int64) (most: int64) =
        match List.ofSeq http.Request.Query[name] with
        | [] -> Ok None
        | [ text ] ->
            match Option.ofObj text |> Option.bind parseId with
            | Some number when number >= least && number <= most -> Ok(Some number)
            | _ ->
                Error [
                    FaultyField.create name (Option.ofObj text) $"a whole number from {least} to {most}"
                ]
        | several ->
            Error [
                FaultyField.create name (Some $"{several.Length} of them") "the number once at most"
            ]

    /// Passes a page of the query on: limit and beforeId.
    let page defaultLimit mostLimit (handle: int * int64 option -> Handler) : Handler =
        fun http ->
            task {
                match queryNumber http "limit" 1L (int64 mostLimit), queryNumber http "beforeId" 1L Int64.MaxValue with
                | Ok limit, Ok beforeId ->
                    return! handle (limit |> Option.map int |> Option.defaultValue defaultLimit, beforeId) http
                | Error first, Error second -> return Refusal(Problem.invalidRequest (first @ second))
                | Error faults, _
                | _, Error faults -> return Refusal(Problem.invalidRequest faults)
            }
