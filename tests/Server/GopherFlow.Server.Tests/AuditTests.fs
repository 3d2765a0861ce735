module GopherFlow.Server.Tests.AuditTests

open System
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.Execution
open GopherFlow.Operations.Jobs
open GopherFlow.Server
open GopherFlow.Rules
open GopherFlow.Storage
open GopherFlow.TestSupport
open Microsoft.AspNetCore.Builder
open Microsoft.Data.Sqlite
open Microsoft.Extensions.DependencyInjection

let private asRole (cookie: string) : Send.Mark =
    fun request ->
        Send.withHeader "Cookie" cookie request
        Send.withHeader Authorise.AntiForgeryHeader Authorise.AntiForgeryValue request

let private search server (query: string) =
    task {
        let! reply = Send.get server $"/api/audit?{query}"
        Expect.equal reply.Status 200 reply.Text
        return reply
    }

let private entries server (query: string) =
    task {
        let! (reply: Reply) = search server query
        return items reply.Json?entries
    }

let private actions server query =
    task {
        let! found = entries server query
        return found |> List.map (fun entry -> text entry?action)
    }

let private bodyOf (route: Route) : HttpContent | null =
    match route.Body with
    | Some _ -> Send.json (Option.defaultValue "{}" route.Example)
    | None -> null

/// A log whose writes block until <c>Release</c> is called. It signals each call and records the batch sizes.
type private SlowLog() =
    let gate = new SemaphoreSlim 0
    let asked = new SemaphoreSlim 0
    let batches = Collections.Concurrent.ConcurrentQueue<int>()

    member _.Batches = List.ofSeq batches
    member _.Asked = asked
    member _.Release() = gate.Release() |> ignore

    interface IAuditLog with
        member _.AppendAsync(entries, _) =
            task {
                batches.Enqueue entries.Count
                asked.Release() |> ignore
                do! gate.WaitAsync()

                if entries |> Seq.exists (fun entry -> entry.Action = "bad") then
                    failwith "not this one"
            }

        member _.SearchAsync(_, _) = raise (NotSupportedException())

/// A store whose search is always cancelled, as when the caller has disconnected.
type private LostWorkflows(inner: IWorkflowStore) =
    inherit DelegatingStore(inner)

    override _.SearchAsync(_: WorkflowSearch, _: CancellationToken) : Task<SearchResult> =
        Task.FromException<SearchResult>(OperationCanceledException())

/// A job store whose reads always fail, as when the database is busy.
type private LostJobs(inner: IJobStore) =
    inherit DelegatingJobStore(inner)

    override _.FindJobAsync(_: int64, _: CancellationToken) : Task<JobRecord | null> =
        Task.FromException<JobRecord | null>(SqliteException("database is locked", 5))

/// Adds routes under /lost that fail when they read back what they have changed.
let private withLostRoutes (app: WebApplication) =
    let services = Services.from app.Services

    let jobs =
        JobOperations(
            LostJobs(app.Services.GetRequiredService<IJobStore>()),
            services.Store,
            app.Services.GetRequiredService<Executor>(),
            app.Services.GetRequiredService<JobRunner>(),
            services.Registry,
            app.Services.GetRequiredService<DefinitionCatalogue>()
        )

    let services = {
        services with
            Store = (new LostWorkflows(services.Store) :> IWorkflowStore)
            Jobs = jobs
    }

    for name, path in [ "startJob", "/lost/jobs"; "pauseSchedule", "/lost/schedules/{name}/pause" ] do
        let route = Routes.api |> List.find (fun route -> route.Name = name)

        app.MapPost(path, Endpoint.run services (Audited.handler services route (route.Handler services)))
        |> ignore

let private entryOf action =
    AuditEntry(Actor = "ann", Action = action, Outcome = AuditOutcome.Done)

let tests =
    testList "Audit" [
        testCaseTask "a change is logged with actor, address, action, and the values before and after" (fun () ->
            task {
                use! server = TestServer.StartAsync()
                let! cookie = SignIn.asNewUser server "root" "admin"

                let! created =
                    Send.send
                        server
                        (asRole cookie)
                        "POST"
                        "/api/users"
                        (Send.json """{"username":"ann","password":"a long password","role":"viewer"}""")

                let id = created.Json?id.GetInt64()

                let! _ =
                    Send.send
                        server
                        Send.asAdmin
                        "PATCH"
                        $"/api/users/{id}"
                        (Send.json """{"role":"operator","password":"another password"}""")

                let! _ = Send.send server Send.asAdmin "DELETE" $"/api/users/{id}" null
                let! found = entries server $"targetKind=user&targetId={id}"

                match found with
                | [ deleted; changed; created ] ->
                    Expect.equal (text created?actor) "root" "actor"
                    Expect.equal (text created?action) "user.create" "action"
                    Expect.equal (text created?address) "127.0.0.1" "address"
                    Expect.equal (text created?outcome) "done" "outcome"
                    Expect.isTrue (isJsonNull created?apiKeyId) "no key"
                    Expect.isTrue (isJsonNull created?before) "before"
                    Expect.equal (text created?after?role) "viewer" "after"
                    Expect.isNonEmpty (text created?requestId) "request"
                    let at = Values.parseInstant (text created?at)
                    Expect.equal at (Some(server.Clock.GetUtcNow())) "at"

                    Expect.equal (text changed?actor) "admin" "actor"
                    Expect.isGreaterThan (changed?apiKeyId.GetInt64()) 0L "key"
                    Expect.equal (text changed?before?role) "viewer" "before"
                    Expect.equal (text changed?after?role) "operator" "after"
                    Expect.isTrue (changed?after?passwordChanged.GetBoolean()) "password"

                    Expect.equal (text deleted?action) "user.delete" "action"
                    Expect.equal (text deleted?before?username) "ann" "before"
                | _ -> failtest $"{found.Length} entries"

                let! all = search server ""
                Expect.stringLacks all.Text "a long password" "no password"
                Expect.stringLacks all.Text "$" "no hash"
            })

        testCaseTask
            "workflow changes are logged under the workflow, and requests that change nothing are not"
            (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! id = Make.workflow server "Order" "order-1"
                    let! again = Send.post server "/api/workflows" (Make.body "Order" "order-1")
                    Expect.equal (again.Json?id.GetInt64()) id "the same"
                    let! _ = Send.post server "/api/workflows/order-1/cancel" ""
                    let! bad = Send.post server "/api/workflows" "{}"
                    Expect.equal bad.Status 400 "status"
                    let! found = actions server $"targetKind=workflow&targetId={id}"
                    Expect.equal found [ "workflow.cancel"; "workflow.create" ] "actions"
                    let! all = actions server "action=workflow."
                    Expect.equal all.Length 2 "nothing else"
                })

        testCaseTask "a committed change is logged as done even if a later read fails" (fun () ->
            task {
                use! server = TestServer.StartAsync([], withLostRoutes)

                let! started =
                    Send.post server "/lost/jobs" """{"operation":{"kind":"cancel"},"filter":{"idFrom":1}}"""

                Expect.equal started.Status 201 "the caller has no reason to retry"
                let! jobs = Send.get server "/api/jobs"
                let id = (List.exactlyOne (items jobs.Json?jobs))?id.GetInt64()

                Expect.equal
                    (started.Json?id.GetInt64(), text started.Json?status, text started.Json?operation?kind)
                    (id, "QUEUED", "cancel")
                    "the job"

                let! _ =
                    Send.post server "/api/schedules" """{"name":"left","workflowType":"Order","cron":"0 0 1 1 *"}"""

                let! triggered = Send.post server "/api/schedules/left/trigger" "{}"
                Expect.equal triggered.Status 200 triggered.Text
                let! paused = Send.post server "/lost/schedules/left/pause" "{}"
                Expect.equal paused.Status 500 paused.Text

                for query, target in [ "action=job.start", string id; "action=schedule.pause", "left" ] do
                    let! found = entries server query
                    let entry = List.exactlyOne found
                    Expect.equal (text entry?outcome, text entry?targetId) ("done", target) query
            })

        testCaseTask "an entry names the changed object even when the path does not" (fun () ->
            task {
                use! server = TestServer.StartAsync()
                let! id = Make.workflow server "Order" "order-1"

                let! sent =
                    Send.post server "/api/signals" """{"externalId":"order-1","name":"paid"}"""

                Expect.equal sent.Status 200 sent.Text
                let! other = Send.post server "/api/workflows" (Make.body "Sleeper" "order-1")
                Expect.equal other.Status 409 other.Text
                let! found = entries server $"targetKind=workflow&targetId={id}"

                Expect.equal
                    (found |> List.map (fun entry -> text entry?action, text entry?outcome))
                    [
                        "workflow.create", "refused"
                        "signal.send", "done"
                        "workflow.create", "done"
                    ]
                    "of the workflow"

                let! missing = Send.post server "/api/users/999/keys" """{"name":"import"}"""
                Expect.equal missing.Status 404 missing.Text
                let! found = actions server "targetKind=user&targetId=999"
                Expect.equal found [ "apiKey.create" ] "of the user"
            })

        testCaseTask "every change that a role does not allow is logged as refused" (fun () ->
            task {
                use! server = TestServer.StartAsync()
                let! cookie = SignIn.asNewUser server "vera" "viewer"

                for route in Routes.api do
                    match route.Access, route.Action with
                    | (Operators | Admins), Some action ->
                        let! reply =
                            Send.send server (asRole cookie) route.Method (ContractTests.pathOf route) (bodyOf route)

                        Expect.equal reply.Status 403 $"{route.Method} {route.Path}"
                        let! found = entries server "actor=vera&limit=1"
                        let entry = List.exactlyOne found
                        Expect.equal (text entry?action) action $"{route.Method} {route.Path}"
                        Expect.equal (text entry?outcome) "refused" $"{route.Method} {route.Path}"
                        Expect.equal (text entry?after?problem) "not-allowed" $"{route.Method} {route.Path}"
                    | _ -> ()
            })

        testCaseTask
            "sign-ins, sign-outs and failed sign-ins are logged, but an unknown username is never written"
            (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! cookie = SignIn.asNewUser server "ann" "viewer"
                    let! _ = Send.send server (asRole cookie) "DELETE" "/api/session" null

                    for name in [ "ann"; "MyPassword1" ] do
                        let body = $"""{{"username":"{name}","password":"wrong"}}"""
                        let! reply = Send.send server Send.asNobody "POST" "/api/session" (Send.json body)
                        Expect.equal reply.Status 401 "status"

                    let! found = entries server "action=session."

                    Expect.equal
                        (found
                         |> List.map (fun entry -> text entry?actor, text entry?action, text entry?outcome))
                        [
                            "unknown", "session.refused", "refused"
                            "ann", "session.refused", "refused"
                            "ann", "session.signOut", "done"
                            "ann", "session.signIn", "done"
                        ]
                        "entries"
                })

        testCaseTask "the log can be searched by actor, action, target and time, and is paged" (fun () ->
            task {
                use! server = TestServer.StartAsync()

                for index in 1..5 do
                    let! _ = Make.workflow server "Order" $"order-{index}"
                    server.Clock.Advance(TimeSpan.FromSeconds 1.)

                let! first = search server "limit=2&action=workflow.create&actor=admin"

                let! second =
                    search server $"limit=2&action=workflow.create&actor=admin&cursor={text first.Json?next}"

                let ids (reply: Reply) =
                    items reply.Json?entries |> List.map (fun entry -> entry?id.GetInt64())

                Expect.equal (ids first @ ids second).Length 4 "two pages"
                Expect.equal (ids first @ ids second) (List.sortDescending (ids first @ ids second)) "newest first"

                let at (seconds: float) =
                    Uri.EscapeDataString((server.Clock.GetUtcNow().AddSeconds seconds).ToString "O")

                let! span = actions server $"from={at -3.}&to={at -1.}"
                Expect.equal span.Length 2 "within two seconds"
                let! nobody = actions server "actor=nobody"
                Expect.isEmpty nobody "nobody"
                let! bad = Send.get server "/api/audit?from=yesterday"
                Expect.equal (Send.invalidFields bad) [ "from" ] "invalid field"
            })

        testCaseTask
            "entries that arrive during a write form the next batch, and a failed write only affects its own batch"
            (fun () ->
                task {
                    let log = SlowLog()
                    let writer = AuditWriter log
                    let first = writer.Write(entryOf "first")
                    do! log.Asked.WaitAsync()
                    let others = [ for index in 1..20 -> writer.Write(entryOf $"{index}") ]
                    Expect.isFalse first.IsCompleted "the first"
                    log.Release()
                    do! first
                    do! log.Asked.WaitAsync()
                    log.Release()
                    do! Task.WhenAll others
                    Expect.equal log.Batches [ 1; 20 ] "batches"

                    let bad = writer.Write(entryOf "bad")
                    log.Release()
                    do! bad.ContinueWith(fun (_: Task) -> ())
                    Expect.isTrue bad.IsFaulted "bad"
                    let good = writer.Write(entryOf "good")
                    log.Release()
                    do! good
                })
    ]
