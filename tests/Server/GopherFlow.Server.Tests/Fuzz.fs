namespace GopherFlow.Server.Tests

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.Net.Http
open System.Text
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open GopherFlow.TestSupport

/// Generates requests from the OpenAPI document: valid ones, and ones with one or many errors.
type FuzzRequests(document: JsonNode, seed: int) =

    let random = Random seed

    let pick (choices: 'item list) = choices[random.Next choices.Length]
    let oneIn (n: int) = random.Next n = 0

    let child (name: string) (node: JsonNode) =
        match node with
        | :? JsonObject as object -> Option.ofObj object[name]
        | _ -> None

    let textOf (node: JsonNode) = node.GetValue<string>()

    let hostileTexts = [
        ""
        " "
        "\000"
        "a\000b"
        "x\r\n2026-01-01 ERROR forged"
        "'; DROP TABLE workflow; --"
        "<script>alert(1)</script>"
        "../../etc/passwd"
        "${jndi:ldap://x}"
        "\u202Eabc"
        String('x', 501)
        String('ö', 5000)
        "2026-02-30T25:61:61Z"
        "9223372036854775808"
    ]

    let validTexts = [ "Order"; "default"; "key"; "Review"; "Init"; "1"; "order-17"; "paid" ]

    let text value : JsonNode | null = JsonValue.Create<string> value

    let number (value: int64) : JsonNode | null = JsonValue.Create<int64> value

    let hostile () : JsonNode | null =
        match random.Next 12 with
        | 0 -> null
        | 1 -> JsonValue.Create true
        | 2 -> number Int64.MinValue
        | 3 -> number Int64.MaxValue
        | 4 -> JsonValue.Create 1e308
        | 5 -> JsonValue.Create -0.5
        | 6 -> JsonArray()
        | 7 -> JsonObject()
        | 8 -> JsonArray(Array.init 2000 (fun _ -> number 1L))
        | 9 ->
            let mutable deep: JsonNode = JsonObject()

            for _ in 1 .. random.Next 60 do
                let outer = JsonObject()
                outer.Add("a", deep)
                deep <- outer

            deep
        | _ -> text (pick hostileTexts)

    let rec ofSchema (schema: JsonNode) : JsonNode | null =
        let kind =
            match child "type" schema with
            | Some(:? JsonArray as kinds) -> kinds[0] |> Option.ofObj |> Option.map textOf
            | found -> Option.map textOf found

        match child "$ref" schema, child "oneOf" schema, child "enum" schema, kind with
        | Some reference, _, _, _ ->
            let name = (textOf reference).Split('/') |> Array.last

            document["components"]
            |> Option.ofObj
            |> Option.bind (child "schemas")
            |> Option.bind (child name)
            |> Option.map ofSchema
            |> Option.defaultValue null
        | _, Some variants, _, _ -> variants.AsArray() |> Seq.choose Option.ofObj |> List.ofSeq |> pick |> ofSchema
        | _, _, Some texts, _ ->
            texts.AsArray()
            |> Seq.choose Option.ofObj
            |> List.ofSeq
            |> pick
            |> _.DeepClone()
        | _, _, _, Some "object" -> ofObject schema
        | _, _, _, Some "array" ->
            JsonArray(
                Array.init (random.Next 3) (fun _ ->
                    child "items" schema |> Option.map ofSchema |> Option.defaultValue null)
            )
        | _, _, _, Some "boolean" -> JsonValue.Create(oneIn 2)
        | _, _, _, Some "integer" -> number (pick [ 0L; 1L; 2L; 5L; 9L; 50L; 1000L ])
        | _, _, _, Some "number" -> JsonValue.Create 1.5
        | _, _, _, Some "string" when child "format" schema |> Option.map textOf = Some "date-time" ->
            text (pick [ "2026-11-22T19:00:00Z"; "2027-01-01T00:00:00+01:00" ])
        | _, _, _, Some "string" -> text (pick validTexts)
        | _ -> pick [ number 7L; text "any"; null; JsonObject() ]

    and ofObject (schema: JsonNode) : JsonNode =
        let object = JsonObject()

        let required =
            child "required" schema
            |> Option.map (fun names -> names.AsArray() |> Seq.choose Option.ofObj |> Seq.map textOf |> Set.ofSeq)
            |> Option.defaultValue Set.empty

        match child "properties" schema with
        | Some(:? JsonObject as properties) ->
            for KeyValue(name, inner) in properties do
                match inner with
                | null -> ()
                | inner ->
                    if (required.Contains name || oneIn 3) && not (oneIn 60) then
                        object.Add(name, (if oneIn 25 then hostile () else ofSchema inner))
        | _ -> object.Add("k", text (pick validTexts))

        if oneIn 40 then
            object.Add(pick [ "unknown"; ""; String('k', 3000); "\u0000" ], hostile ())

        object

    let broken (body: string) =
        match random.Next 6 with
        | 0 -> body.Substring(0, random.Next(body.Length + 1))
        | 1 -> body + "}"
        | 2 -> String.replicate 5000 "[" + body
        | 3 ->
            let fields = Seq.init 3000 (fun index -> $"\"f{index}\":1") |> String.concat ","
            $"{{{fields}}}"
        | 4 -> body.Replace("\"", "\"\\ud800")
        | _ -> String('7', 20000)

    let operations = [
        match document["paths"] with
        | :? JsonObject as paths ->
            for KeyValue(path, methods) in paths do
                match methods with
                | :? JsonObject as methods ->
                    for KeyValue(verb, operation) in methods do
                        match operation with
                        | null -> ()
                        | operation ->
                            // The event stream never ends, and signing out would end the run.
                            if path <> "/api/events" && not (path = "/api/session" && verb = "delete") then
                                path, verb, operation
                | _ -> ()
        | _ -> ()
    ]

    /// Operations that compile a script or wait; they are picked less often.
    let isSlow (_: string, _: string, operation: JsonNode) =
        match operation["operationId"] with
        | null -> false
        | name ->
            List.contains (textOf name) [
                "checkScript"
                "tryScript"
                "deployScript"
                "createAndWait"
                "changeStateAndWait"
            ]

    let rec nextOperation () =
        let found = pick operations

        if isSlow found && not (oneIn 20) then
            nextOperation ()
        else
            found

    let parametersOf (operation: JsonNode) =
        child "parameters" operation
        |> Option.map (fun parameters -> parameters.AsArray() |> Seq.choose Option.ofObj |> List.ofSeq)
        |> Option.defaultValue []

    let member' name node =
        child name node |> Option.map textOf |> Option.defaultValue ""

    let parameterValue (parameter: JsonNode) =
        if oneIn 12 then
            pick hostileTexts
        else
            match child "schema" parameter |> Option.map ofSchema with
            | Some(NonNull value) when value.GetValueKind() = Text.Json.JsonValueKind.String -> textOf value
            | Some(NonNull value) -> value.ToJsonString()
            | _ -> ""

    /// Whether the request could delete or change the account that the fuzzer itself uses: the first user and its key.
    let endsItself (verb: string) (path: string) =
        verb <> "get"
        && Text.RegularExpressions.Regex.IsMatch(path, "^/api/users/0*1(/|$)")

    /// The next request: method, path with query, and body.
    member this.Next() : string * string * string option =
        let path, verb, operation = nextOperation ()
        let parameters = parametersOf operation

        let filled =
            parameters
            |> List.filter (fun parameter -> member' "in" parameter = "path")
            |> List.fold
                (fun (path: string) parameter ->
                    let value = parameterValue parameter

                    let value =
                        if value = "" || value.Contains '\000' then
                            "none"
                        else
                            value

                    path.Replace("{" + member' "name" parameter + "}", Uri.EscapeDataString value))
                path

        if endsItself verb filled then
            this.Next()
        else
            this.Request(verb, filled, parameters, operation)

    member private _.Request(verb: string, filled: string, parameters: JsonNode list, operation: JsonNode) =
        let query = [
            for parameter in parameters do
                if member' "in" parameter = "query" && oneIn 2 then
                    member' "name" parameter + "=" + Uri.EscapeDataString(parameterValue parameter)
            if oneIn 50 then
                "surprise=1"
        ]

        let target =
            if query.IsEmpty then
                filled
            else
                $"""{filled}?{String.Join('&', query)}"""

        let body =
            child "requestBody" operation
            |> Option.bind (child "content")
            |> Option.bind (child "application/json")
            |> Option.bind (child "schema")
            |> Option.map (fun schema ->
                let valid =
                    match ofSchema schema with
                    | null -> "null"
                    | node -> node.ToJsonString()

                if oneIn 15 then broken valid else valid)

        verb.ToUpperInvariant(), target, body

/// The result of a fuzzer run.
type FuzzReport = {
    Requests: int
    ByStatus: (int * int) list
    Faults: string list
    LargestAnswer: int
    Slowest: TimeSpan
    MemoryBefore: int64
    MemoryAfter: int64
}

/// Sends generated requests to a server concurrently and reports every unacceptable response.
module Fuzz =

    let private mostBytes = 1024 * 1024
    let private longest = TimeSpan.FromSeconds 20.

    let private describe (method: string) (path: string) (body: string option) =
        let body = Option.defaultValue "" body
        let cut (text: string) = text.Substring(0, min 300 text.Length)
        $"{method} {cut path} {cut body}"

    let private faultOf (reply: HttpResponseMessage) (bytes: int) (took: TimeSpan) =
        let status = int reply.StatusCode

        let contentType =
            reply.Content.Headers.ContentType
            |> Option.ofObj
            |> Option.bind (fun contentType -> Option.ofObj contentType.MediaType)
            |> Option.defaultValue ""

        if status = 500 then
            Some "an internal server error"
        elif bytes > mostBytes then
            Some $"a response of {bytes} bytes"
        elif took > longest then
            Some $"a response after {took}"
        elif status >= 400 && contentType <> "application/problem+json" && bytes > 0 then
            Some $"an error response of type {contentType}"
        else
            None

    /// The managed memory in use. The runtime's array pools keep returned arrays for about a minute, so runs that measure memory wait.
    let private memory (wait: TimeSpan) =
        task {
            let collect () =
                GC.Collect()
                GC.WaitForPendingFinalizers()
                GC.GetTotalMemory true

            let mutable left = wait

            while left > TimeSpan.Zero do
                collect () |> ignore
                do! Task.Delay(TimeSpan.FromSeconds 5.)
                left <- left - TimeSpan.FromSeconds 5.

            return collect ()
        }

    /// Loads the script compiler, which stays in memory, so that its memory is not counted as a leak of the requests.
    let private loadCompiler (http: HttpClient) (apiKey: string) =
        task {
            let source = ScriptSources.loan "Fuzz" "Review"
            let named = ScriptSources.checkBody "Fuzz" source

            for method, path, body in
                [
                    HttpMethod.Post, "/api/scripts/check", named
                    HttpMethod.Post, "/api/scripts/try", named
                    HttpMethod.Put, "/api/scripts/Fuzz", ScriptSources.body source
                ] do
                use request = new HttpRequestMessage(method, path)
                request.Headers.TryAddWithoutValidation("X-API-Key", apiKey) |> ignore
                request.Content <- new StringContent(body, Encoding.UTF8, "application/json")
                use! reply = http.SendAsync request
                Expecto.Expect.isTrue reply.IsSuccessStatusCode $"{path} returned {reply.StatusCode}"
        }

    /// Sends <c>count</c> requests with four workers.
    let run (http: HttpClient) (apiKey: string) (count: int) (seed: int) (wait: TimeSpan) =
        task {
            let! description = http.GetStringAsync "/api/openapi.json"
            let document = JsonNode.Parse description |> Option.ofObj |> Option.get
            let requests = FuzzRequests(document, seed)
            let gate = Lock()
            let faults = ConcurrentQueue<string>()
            let statuses = ConcurrentDictionary<int, int>()
            let mutable largest = 0
            let mutable slowest = TimeSpan.Zero

            let send (method: string, path: string, body: string option) =
                task {
                    use request = new HttpRequestMessage(HttpMethod method, path)
                    request.Headers.TryAddWithoutValidation("X-API-Key", apiKey) |> ignore

                    body
                    |> Option.iter (fun body ->
                        request.Content <- new StringContent(body, Encoding.UTF8, "application/json"))

                    let began = Stopwatch.GetTimestamp()

                    try
                        use! reply = http.SendAsync request
                        let! bytes = reply.Content.ReadAsByteArrayAsync()
                        let took = Stopwatch.GetElapsedTime began

                        statuses.AddOrUpdate(int reply.StatusCode, 1, (fun _ before -> before + 1))
                        |> ignore

                        lock gate (fun () ->
                            largest <- max largest bytes.Length
                            slowest <- max slowest took)

                        faultOf reply bytes.Length took
                        |> Option.iter (fun fault -> faults.Enqueue $"{fault}: {describe method path body}")
                    with failure ->
                        faults.Enqueue $"{failure.GetType().Name}: {describe method path body}"
                }

            let worker (share: int) =
                task {
                    for _ in 1..share do
                        do! send (lock gate requests.Next)
                }

            do! loadCompiler http apiKey
            let! _ = Task.WhenAll(List.init 4 (fun _ -> worker (min 250 (count / 4))))
            let! before = memory wait
            let! _ = Task.WhenAll(List.init 4 (fun _ -> worker (max 0 (count / 4 - 250))))

            let! after = memory wait

            return {
                Requests = Seq.sum statuses.Values
                ByStatus = [ for KeyValue(status, count) in statuses -> status, count ] |> List.sort
                Faults = List.ofSeq faults
                LargestAnswer = largest
                Slowest = slowest
                MemoryBefore = before
                MemoryAfter = after
            }
        }

    let private settings = [ "GFLOW_WEB_MAX_WAIT_SECONDS", "1"; "GFLOW_WEB_MAX_BODY_BYTES", "200000" ]

    /// Starts a server with the given extra settings and sends <c>count</c> requests to it.
    let onServer (further: (string * string) list) (count: int) (seed: int) (wait: TimeSpan) =
        task {
            use! server = TestServer.StartOnRealTimeAsync(settings @ further)
            let! report = run server.Http TestSettings.ApiKey count seed wait
            return report, server.Logged
        }

    /// The command line entry point. The settings have the form NAME=value.
    let main (count: int) (settings: string list) =
        let further =
            settings
            |> List.map (fun setting -> setting.Split('=', 2))
            |> List.map (fun parts -> parts[0], parts[1])

        let report, logged =
            (onServer further count (Random.Shared.Next()) (TimeSpan.FromSeconds 80.)).GetAwaiter().GetResult()

        printfn "%A" {
            report with
                Faults = List.truncate 20 report.Faults
        }

        logged
        |> List.truncate 20
        |> List.iter (fun line -> printfn "%s %A" line.Text line.Failure)

        if report.Faults.IsEmpty then 0 else 1

module FuzzTests =

    open Expecto

    let tests =
        testList "Fuzz" [
            testCaseTask "generated requests cause no server errors and no slow or oversized responses" (fun () ->
                task {
                    let! report, _ = Fuzz.onServer [] 2000 20261125 TimeSpan.Zero
                    Expect.isEmpty report.Faults $"{report}"

                    let counted status =
                        report.ByStatus
                        |> List.tryFind (fst >> (=) status)
                        |> Option.map snd
                        |> Option.defaultValue 0

                    Expect.isGreaterThan (counted 201) 0 "valid requests"
                    Expect.isLessThan (counted 401) 200 "unauthorized requests"
                })
        ]
