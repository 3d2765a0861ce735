namespace GopherFlow.Server.Tests

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Text.Json
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.Execution
open GopherFlow.TestSupport
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

/// Reads the Prometheus metrics of a server.
module private Metrics =

    let scrape (server: TestServer) =
        task {
            let! reply = Send.send server Send.asNobody "GET" "/metrics" null
            Expect.equal reply.Status 200 "status"
            return reply.Text
        }

    /// The series names with their labels, without the values.
    let series (text: string) =
        text.Split '\n'
        |> Seq.filter (fun line -> line <> "" && not (line.StartsWith '#'))
        |> Seq.map (fun line -> line.Substring(0, line.LastIndexOf ' '))
        |> List.ofSeq

    let names (text: string) =
        series text |> Seq.map (fun line -> line.Split('{')[0]) |> Set

    /// The value of a series such as `gopherflow_workflows{status="NEW",workflow_type="Order"}`.
    let value (text: string) (series: string) =
        text.Split '\n'
        |> Seq.tryPick (fun line ->
            if line.StartsWith(series + " ", StringComparison.Ordinal) then
                Some(Double.Parse(line.Substring(series.Length + 1), Globalization.CultureInfo.InvariantCulture))
            else
                None)

    /// Scrapes until the series has an expected value. Metrics that are not read from the database are current in every scrape.
    let until (server: TestServer) (name: string) (isExpected: float -> bool) =
        task {
            let limit = Stopwatch.StartNew()
            let mutable text = ""
            let mutable isDone = false

            while not isDone do
                let! scraped = scrape server
                text <- scraped
                isDone <- value text name |> Option.exists isExpected

                if not isDone && limit.Elapsed > TimeSpan.FromSeconds 30. then
                    failtestf "%s stays at %A" name (value text name)

            return text
        }

/// Runs workflows that produce a sample of every metric.
module private Busy =

    let run (server: TestServer) =
        task {
            let! _ = Make.workflowIn server "Order" "Review" (Make.newId ())
            let! sleeper = Make.workflow server "Sleeper" (Make.newId ())
            let! _ = Make.workflow server "Broken" (Make.newId ())
            let! _ = Make.workflow server "Metered" (Make.newId ())
            let! _ = Make.workflow server "Metered" (Make.newId ())

            let! _ =
                Metrics.until
                    server
                    "gopherflow_steps_total{outcome=\"retried\",state=\"Init\",workflow_type=\"Broken\"}"
                    (fun retried -> retried >= 1.)

            let isOver () =
                task {
                    let! workflow = server.Store.FindAsync(sleeper, CancellationToken.None)
                    return (nonNull workflow).Status = GopherFlow.Authoring.WorkflowStatus.Finished
                }

            let! over = isOver ()
            let mutable over = over

            while not over do
                server.Clock.Advance(TimeSpan.FromMinutes 10.)
                let! now = isOver ()
                over <- now

            return!
                Metrics.until
                    server
                    "gopherflow_workflows_ended_total{status=\"FINISHED\",workflow_type=\"Sleeper\"}"
                    (fun ended -> ended >= 1.)
        }

/// Receives OTLP exports over HTTP.
type private Collector(app: WebApplication, received: List<string * byte array>) =

    member _.Url = Seq.head app.Urls

    member _.Received = lock received (fun () -> List.ofSeq received)

    /// Waits until a body sent to the path contains the bytes.
    member this.Until(path: string, part: byte array) =
        task {
            let limit = Stopwatch.StartNew()

            let isReceived () =
                this.Received
                |> List.exists (fun (sentTo, body) -> sentTo = path && body.AsSpan().IndexOf(part.AsSpan()) >= 0)

            while not (isReceived ()) do
                if limit.Elapsed > TimeSpan.FromSeconds 30. then
                    failtestf "No matching body was sent to %s; requests: %A" path (this.Received |> List.map fst)

                do! Task.Yield()
        }

    static member StartAsync() =
        task {
            let received = List()
            let builder = WebApplication.CreateSlimBuilder()
            builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
            builder.Logging.ClearProviders() |> ignore
            let app = builder.Build()

            app.MapPost(
                "/{**path}",
                RequestDelegate(fun http ->
                    task {
                        use body = new MemoryStream()
                        do! http.Request.Body.CopyToAsync body
                        lock received (fun () -> received.Add((http.Request.Path.ToString(), body.ToArray())))
                    })
            )
            |> ignore

            do! app.StartAsync()
            return new Collector(app, received)
        }

    interface IAsyncDisposable with
        member _.DisposeAsync() = app.DisposeAsync()

module ObservedTests =

    let private get server path =
        Send.send server Send.asNobody "GET" path null

    /// The path of a file below deploy/, searched upwards from the folder of the test assembly.
    let private deployed (file: string) =
        let rec find (folder: DirectoryInfo) =
            let path = Path.Combine(folder.FullName, "deploy", file)

            if File.Exists path then
                path
            else
                match folder.Parent with
                | null -> failtestf "There is no deploy/%s" file
                | parent -> find parent

        find (DirectoryInfo AppContext.BaseDirectory)

    let private metricNames (text: string) =
        Regex.Matches(text, @"\b(?:gopherflow|http_server|dotnet)_[a-z_]+\b")
        |> Seq.map _.Value
        |> Set

    let rec private expressions (json: JsonElement) : string list =
        match json.ValueKind with
        | JsonValueKind.Object ->
            json.EnumerateObject()
            |> Seq.collect (fun member' ->
                match member'.Name, member'.Value.ValueKind with
                | ("expr" | "definition"), JsonValueKind.String -> [ text member'.Value ]
                | _ -> expressions member'.Value)
            |> List.ofSeq
        | JsonValueKind.Array -> json.EnumerateArray() |> Seq.collect expressions |> List.ofSeq
        | _ -> []

    let private promtool = "/usr/bin/promtool"

    let private runPromtool arguments input = Programs.run promtool arguments input

    let private withPromtool =
        Programs.orSkip (File.Exists promtool) "promtool is missing (Debian: prometheus)"

    let private probes =
        testList "probes" [
            testTheoryTask
                "a healthy server is live and ready without authentication"
                [ "/health/live"; "/health/ready"; "/health"; "/ready" ]
                (fun (path: string) ->
                    task {
                        use! server = TestServer.StartAsync()
                        let! reply = get server path
                        Expect.equal (reply.Status, reply.Text) (200, "ok") "response"
                        Expect.equal (reply.Header "Cache-Control") "no-store" "Cache-Control"
                        let! head = Send.send server Send.asNobody "HEAD" path null
                        Expect.equal (head.Status, head.Text) (200, "") "response to HEAD"
                    })

            testCaseTask "a server that is not ready gives its checks and reasons, and stays live" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let health = server.Services.GetRequiredService<EngineHealth>()

                    for _ in 1..5 do
                        health.RoleFailed "repairer"

                    let! reply = get server "/health/ready"
                    Expect.equal reply.Status 503 "status"
                    Expect.equal (items reply.Json?checks |> List.map text) [ "roles" ] "checks"

                    Expect.equal
                        (items reply.Json?reasons |> List.map text)
                        [ "The repairer has failed 5 times in the last minute; see the log." ]
                        "reasons"

                    use request = new HttpRequestMessage(HttpMethod.Head, "/health/ready")
                    let! head = server.Http.SendAsync request
                    Expect.equal (int head.StatusCode) 503 "status of HEAD"
                    let! live = get server "/health/live"
                    Expect.equal live.Status 200 "status"
                    let! _ = Metrics.until server "gopherflow_health{check=\"roles\"}" ((=) 0.)
                    ()
                })
        ]

    let private scrapes =
        testList "metrics" [
            testCaseTask "metrics follow the workflows" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! before = Metrics.scrape server
                    Expect.isNone (Metrics.value before "gopherflow_steps_total") "steps"
                    let! text = Busy.run server

                    for series, expected in
                        [
                            "gopherflow_workflows_created_total{workflow_type=\"Order\"}", 1.
                            "gopherflow_steps_total{outcome=\"succeeded\",state=\"Init\",workflow_type=\"Order\"}", 1.
                            "gopherflow_step_duration_seconds_count{state=\"Wake\",workflow_type=\"Sleeper\"}", 1.
                            "gopherflow_leases_lost_total{}", 0.
                            "gopherflow_executors_alive{}", 1.
                            "gopherflow_executor_slots{}", 256.
                        ] do
                        Expect.equal (Metrics.value text series) (Some expected) series

                    Expect.isSome
                        (Metrics.value text "gopherflow_claim_lag_seconds_count{workflow_type=\"Sleeper\"}")
                        "lag"

                    // Metrics read from the database are cached for five seconds.
                    server.Clock.Advance(TimeSpan.FromSeconds 5.)
                    let! text = Metrics.scrape server

                    Expect.equal
                        (Metrics.value text "gopherflow_workflows{status=\"WAITING\",workflow_type=\"Order\"}")
                        (Some 1.)
                        "waiting"
                })

            testCaseTask "GET returns the Prometheus text format and HEAD no body" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! reply = get server "/metrics"
                    Expect.stringStarts (reply.Header "Content-Type") "text/plain" "Content-Type"
                    Expect.stringContains reply.Text "# TYPE gopherflow_executor_slots gauge" "type"
                    Expect.stringContains reply.Text "# HELP gopherflow_executor_slots How many" "help"
                    let! head = Send.send server Send.asNobody "HEAD" "/metrics" null
                    Expect.equal (head.Status, head.Text) (200, "") "response to HEAD"
                    let! post = Send.send server Send.asNobody "POST" "/metrics" (Send.json "{}")
                    Expect.equal post.Status 405 "status of POST"
                })

            testCaseTask "no workflow key and no caller's group name appears in a scrape" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let secret = "secret-" + Make.newId ()

                    let body =
                        (Make.body "Order" secret).Replace("\"default\"", $"\"group of {secret}\"")

                    let! created = Send.post server "/api/workflows" body
                    Expect.equal created.Status 201 "status"
                    let! _ = Send.get server $"/api/workflowByExternalId/{secret}"
                    let! text = Metrics.scrape server
                    Expect.stringLacks text secret "scrape"

                    Expect.isSome
                        (Metrics.value
                            text
                            "gopherflow_due_oldest_seconds{executor_group=\"(no executor)\",workflow_type=\"Order\"}")
                        "due"
                })

            testCaseTask "two servers in one process have separate metrics" (fun () ->
                task {
                    use! one = TestServer.StartAsync([ "GFLOW_ENGINE_EXECUTOR_SIZE", "3" ], ignore)
                    use! other = TestServer.StartAsync([ "GFLOW_ENGINE_EXECUTOR_SIZE", "5" ], ignore)
                    let! _ = Make.workflowIn one "Order" "Review" (Make.newId ())
                    let! text = Metrics.scrape other
                    Expect.equal (Metrics.value text "gopherflow_executor_slots{}") (Some 5.) "slots"

                    Expect.isNone
                        (Metrics.value text "gopherflow_workflows_created_total{workflow_type=\"Order\"}")
                        "created"
                })

            testTheoryTask
                "metrics can be switched off"
                [ "GFLOW_METRICS", "false"; "OTEL_SDK_DISABLED", "true" ]
                (fun setting ->
                    task {
                        use! server = TestServer.StartAsync([ setting ], ignore)
                        let! reply = get server "/metrics"
                        Expect.equal reply.Status 404 "status"
                    })
        ]

    let private deployment =
        testList "deployment" [
            testCaseTask "every metric of the dashboard and the alerts appears in a scrape" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    let dashboard =
                        JsonDocument.Parse(File.ReadAllText(deployed "grafana/gopherflow.json"))

                    let shown = expressions dashboard.RootElement
                    Expect.isGreaterThan shown.Length 30 "expressions"
                    let rules = File.ReadLines(deployed "prometheus/alerts.yml")

                    // The alert descriptions also name histograms without the _bucket, _sum and _count suffixes.
                    let namesOf text =
                        Metrics.names text
                        |> Set.union (
                            Metrics.names text
                            |> Set.map (fun name -> Regex.Replace(name, "_(bucket|sum|count)$", ""))
                        )

                    let used = metricNames (String.Join('\n', Seq.append shown rules))

                    // Whether a workflow is claimed or starts directly depends on timing, so try several rounds.
                    let rec missingAfter rounds =
                        task {
                            let! text = Busy.run server
                            let missing = used - namesOf text

                            if missing.IsEmpty || rounds = 1 then
                                return missing
                            else
                                return! missingAfter (rounds - 1)
                        }

                    let! missing = missingAfter 20
                    Expect.isEmpty missing "metrics missing from the scrapes"
                })

            testCaseTask "promtool accepts the metrics and the rules" (fun () ->
                withPromtool (fun () ->
                    task {
                        use! server = TestServer.StartAsync()
                        let! text = Busy.run server
                        runPromtool [ "check"; "metrics" ] text
                        runPromtool [ "check"; "rules"; deployed "prometheus/alerts.yml" ] ""
                    }))
        ]

    let private otlp =
        testList "OTLP" [
            testCaseTask "the caller's trace is continued, and logs and metrics are exported" (fun () ->
                task {
                    use! collector = Collector.StartAsync()

                    use! server =
                        TestServer.StartAsync(
                            [
                                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url
                                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"
                                "OTEL_BSP_SCHEDULE_DELAY", "50"
                                "OTEL_BLRP_SCHEDULE_DELAY", "50"
                                "OTEL_METRIC_EXPORT_INTERVAL", "50"
                                "OTEL_SERVICE_NAME", "orders"
                            ],
                            ignore
                        )

                    let trace = ActivityTraceId.CreateRandom()

                    let traced request =
                        Send.asAdmin request

                        Send.withHeader "traceparent" $"00-{trace.ToHexString()}-b7ad6b7169203331-01" request

                    let! reply =
                        Send.send
                            server
                            traced
                            "POST"
                            "/api/workflows"
                            (Send.json (Make.body "Broken" (Make.newId ())))

                    Expect.equal reply.Status 201 "status"
                    do! collector.Until("/v1/traces", "workflow.step Broken Init"B)
                    do! collector.Until("/v1/traces", Convert.FromHexString(trace.ToHexString()))
                    do! collector.Until("/v1/traces", "orders"B)
                    do! collector.Until("/v1/logs", "no paper"B)
                    do! collector.Until("/v1/metrics", "gopherflow.steps"B)
                    let! _ = Metrics.scrape server
                    ()
                })

            testCaseTask "traces alone are exported when only their endpoint is set" (fun () ->
                task {
                    use! collector = Collector.StartAsync()

                    use! server =
                        TestServer.StartAsync(
                            [
                                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.Url}/mine"
                                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"
                                "OTEL_BSP_SCHEDULE_DELAY", "50"
                            ],
                            ignore
                        )

                    let! _ = Make.workflow server "Order" (Make.newId ())
                    do! collector.Until("/mine", "workflow.step Order Init"B)
                    Expect.all collector.Received (fun (path, _) -> path = "/mine") "paths"
                })
        ]

    let tests = testList "Observed" [ probes; scrapes; deployment; otlp ]
