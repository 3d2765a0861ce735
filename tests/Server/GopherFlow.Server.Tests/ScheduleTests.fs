/// Schedules over HTTP.
module GopherFlow.Server.Tests.ScheduleTests

open System
open System.Threading.Tasks
open Expecto
open GopherFlow.TestSupport

let private create (server: TestServer) (name: string) (more: string) =
    Send.post server "/api/schedules" $"""{{"name":"{name}","workflowType":"Order"{more}}}"""

let private put server name body =
    Send.send server Send.asAdmin "PUT" $"/api/schedules/{name}" (Send.json body)

let private find server name =
    task {
        let! (reply: Reply) = Send.get server $"/api/schedules/{name}"
        Expect.equal reply.Status 200 reply.Text
        return reply.Json
    }

let private operate server name operation =
    Send.post server $"/api/schedules/{name}/{operation}" "{}"

let private started (schedule: Text.Json.JsonElement) = schedule?started.GetInt64()

/// Advances the clock until a schedule has started the given number of runs.
let rec private running (server: TestServer) name (runs: int64) : Task<Text.Json.JsonElement> =
    task {
        let! schedule = find server name

        if started schedule >= runs then
            return schedule
        else
            server.Clock.Advance(TimeSpan.FromSeconds 10.)
            do! Task.Yield()
            return! running server name runs
    }

let tests (server: TestServer) =
    testList "Schedule" [
        testCaseTask "a schedule is created, read, changed and deleted" (fun () ->
            task {
                let! created =
                    create
                        server
                        "nightly"
                        ""","cron":"0 2 * * *","timeZone":"Europe/Berlin","stateVars":{"a":1},"priority":2"""

                Expect.equal created.Status 201 created.Text
                Expect.equal (created.Header "Location") "/api/schedules/nightly" "location"
                let! schedule = find server "nightly"
                Expect.equal (schedule.GetRawText()) created.Text "the same as when created"

                Expect.equal
                    (text schedule?cron, text schedule?overlap, text schedule?catchUp, text schedule?businessKey)
                    ("0 2 * * *", "skip", "last", "{schedule}")
                    "defaults"

                Expect.equal (text schedule?createdBy, schedule?declared.GetBoolean()) ("admin", false) "owner"
                Expect.equal (schedule?stateVars?a.GetInt32()) 1 "variables"
                Expect.hasLength (items schedule?nextDue) 5 "next runs"

                let! again = create server "nightly" ""","cron":"0 2 * * *" """
                Expect.equal again.Status 409 again.Text

                let! changed =
                    put server "nightly" """{"workflowType":"Order","everySeconds":900,"overlap":"queue"}"""

                Expect.equal changed.Status 200 changed.Text
                Expect.isTrue (isJsonNull changed.Json?cron) "no cron"

                Expect.equal
                    (changed.Json?everySeconds.GetInt64(), changed.Json?priority.GetInt32(), text changed.Json?overlap)
                    (900L, 5, "queue")
                    "as requested"

                let! deleted = Send.send server Send.asAdmin "DELETE" "/api/schedules/nightly" null
                Expect.equal deleted.Status 204 deleted.Text

                for method, path, body in
                    [
                        "GET", "", None
                        "GET", "/runs", None
                        "DELETE", "", None
                        "PUT", "", Some """{"workflowType":"Order","cron":"* * * * *"}"""
                        "POST", "/pause", Some "{}"
                        "POST", "/resume", Some "{}"
                        "POST", "/trigger", Some "{}"
                    ] do
                    let content = body |> Option.map Send.json |> Option.toObj

                    let! gone =
                        Send.send server Send.asAdmin method $"/api/schedules/nightly{path}" content

                    Expect.equal gone.Status 404 $"{method} {path}"
            })

        testCaseTask "runs are workflows, and a schedule can be paused, resumed and triggered" (fun () ->
            task {
                let! _ = create server "often" ""","cron":"* * * * *","overlap":"allow" """
                let! schedule = (running server "often" 2L).WaitAsync(TimeSpan.FromMinutes 1.)
                Expect.isFalse (isJsonNull schedule?lastRun) "last run"

                let! paused = operate server "often" "pause"
                Expect.equal (paused.Json?paused.GetBoolean(), items paused.Json?nextDue) (true, []) "paused"
                let! triggered = operate server "often" "trigger"
                Expect.equal triggered.Status 200 triggered.Text
                let id = triggered.Json?workflowId.GetInt64()
                let! runs = Send.get server "/api/schedules/often/runs?limit=1"
                let run = (items runs.Json?runs).Head
                Expect.equal (run?workflowId.GetInt64()) id "the run"
                Expect.stringEnds (text run?externalId) ":manual" "external id"
                let cursor = Uri.EscapeDataString(text runs.Json?next)
                let! older = Send.get server $"/api/schedules/often/runs?cursor={cursor}"

                Expect.all
                    (items older.Json?runs)
                    (fun run ->
                        (text run?externalId).StartsWith "schedule:often:20"
                        && run?workflowId.GetInt64() < id)
                    "older"

                Expect.isGreaterThanOrEqual (items older.Json?runs).Length 2 "older runs"

                let! resumed = operate server "often" "resume"
                Expect.hasLength (items resumed.Json?nextDue) 5 "due again"
                let! _ = Send.send server Send.asAdmin "DELETE" "/api/schedules/often" null
                ()
            })

        testCaseTask "schedules are listed by name, in pages" (fun () ->
            task {
                for name in [ "list-b"; "list-a"; "list-c" ] do
                    let! _ = create server name ""","cron":"0 0 1 1 *" """
                    ()

                let! first = Send.get server "/api/schedules?limit=2&cursor=declared"

                Expect.equal
                    (items first.Json?schedules |> List.map (fun one -> text one?name))
                    [ "list-a"; "list-b" ]
                    "page"

                let! last = Send.get server $"/api/schedules?limit=2&cursor={text first.Json?next}"
                Expect.equal (items last.Json?schedules |> List.map (fun one -> text one?name)) [ "list-c" ] "rest"
                Expect.isTrue (isJsonNull last.Json?next) "no more"
            })

        testCaseTask "a schedule list omits large variables" (fun () ->
            task {
                let large = String('x', 20_000)

                let! created =
                    create server "big" $$""","cron":"0 0 1 1 *","stateVars":{"text":"{{large}}"}"""

                Expect.equal created.Status 201 created.Text
                let! page = Send.get server "/api/schedules?limit=1&cursor=bif"
                let listed = (items page.Json?schedules).Head

                Expect.equal
                    (text listed?name, listed?stateVars.GetRawText(), listed?stateVarsOmitted.GetBoolean())
                    ("big", "{}", true)
                    "listed"

                let! whole = find server "big"
                Expect.equal (text whole?stateVars?text, whole?stateVarsOmitted.GetBoolean()) (large, false) "whole"
                let! _ = Send.send server Send.asAdmin "DELETE" "/api/schedules/big" null
                ()
            })

        testCaseTask "a preview returns the next due times" (fun () ->
            task {
                let! reply =
                    Send.post
                        server
                        "/api/schedules/preview"
                        """{"cron":"30 2 * * *","timeZone":"Europe/Berlin","count":2}"""

                Expect.equal reply.Status 200 reply.Text
                let due = items reply.Json?nextDue |> List.map text
                Expect.hasLength due 2 "requested count"
                Expect.all due (fun instant -> instant.Contains ":30:00") "half past"
            })

        testTheoryTask
            "an invalid schedule is rejected with its fields"
            [
                ""","cron":"61 * * * *" """, [ "cron" ]
                "", [ "cron" ]
                ""","cron":"* * * * *","everySeconds":60""", [ "cron" ]
                ""","everySeconds":0""", [ "everySeconds" ]
                ""","cron":"* * * * *","timeZone":"Mars/Olympus" """, [ "timeZone" ]
                ""","cron":"* * * * *","overlap":"maybe","catchUp":"some","catchUpLimit":0""",
                [ "overlap"; "catchUp"; "catchUpLimit" ]
                ""","cron":"* * * * *","stateVars":[]""", [ "stateVars" ]
            ]
            (fun (more: string, fields: string list) ->
                task {
                    let! reply = create server "faulty" more
                    Expect.equal (reply.Status, Send.invalidFields reply) (400, fields) reply.Text
                })

        testCaseTask "the external id of a run cannot be used for another workflow" (fun () ->
            task {
                let! reply =
                    Send.post server "/api/workflows" (Make.body "Order" "schedule:nightly:2026-01-01T02:00:00Z")

                Expect.equal (reply.Status, Send.invalidFields reply) (400, [ "externalId" ]) reply.Text
            })

        testCaseTask "changes are recorded in the audit log" (fun () ->
            task {
                let! _ = create server "audited" ""","cron":"0 2 * * *" """
                let! _ = put server "audited" """{"workflowType":"Order","cron":"0 3 * * *"}"""
                let! _ = operate server "audited" "pause"
                let! _ = operate server "audited" "trigger"
                let! reply = Send.get server "/api/audit?targetKind=schedule&targetId=audited"
                let entries = items reply.Json?entries

                Expect.equal
                    (entries |> List.map (fun entry -> text entry?action))
                    [ "schedule.trigger"; "schedule.pause"; "schedule.change"; "schedule.create" ]
                    reply.Text

                let change = entries[2]

                Expect.equal
                    (text change?before?cron, text change?after?cron)
                    ("0 2 * * *", "0 3 * * *")
                    "before and after"
            })

        testCaseTask "the audit log has the variable names of a schedule but not their values" (fun () ->
            task {
                let many = [ for index in 100..160 -> $"\"name-{index}\":1" ] |> String.concat ","

                let! created =
                    create server "discreet" ""","cron":"0 2 * * *","stateVars":{"a":"the secret","b":1,"c":[1,2]}"""

                Expect.equal created.Status 201 created.Text

                for stateVars in [ """{"c":[ 1, 2 ],"b":2,"d":"the other"}"""; "{" + many + "}" ] do
                    let! changed =
                        put
                            server
                            "discreet"
                            ("""{"workflowType":"Order","cron":"0 3 * * *","stateVars":""" + stateVars + "}")

                    Expect.equal changed.Status 200 changed.Text

                let! deleted = Send.send server Send.asAdmin "DELETE" "/api/schedules/discreet" null
                Expect.equal deleted.Status 204 deleted.Text
                let! reply = Send.get server "/api/audit?targetKind=schedule&targetId=discreet"
                Expect.stringLacks reply.Text "the secret" "no value"
                Expect.stringLacks reply.Text "the other" "no value"
                let names (list: Text.Json.JsonElement) = items list |> List.map text

                match items reply.Json?entries with
                | [ deleted; filled; changed; created ] ->
                    Expect.equal (names created?after?variables) [ "a"; "b"; "c" ] "created with"
                    Expect.equal (names changed?before?variables) [ "a"; "b"; "c" ] "before"
                    Expect.equal (names changed?after?variables) [ "b"; "c"; "d" ] "after"
                    Expect.equal (names changed?after?changedVariables) [ "a"; "b"; "d" ] "changed"
                    Expect.hasLength (names filled?after?variables) 51 "at most 50 names and the count"
                    Expect.equal (List.last (names filled?after?variables)) "... (61 variables)" "the count"
                    Expect.hasLength (names deleted?before?variables) 51 "deleted with"
                | entries -> failtest $"{entries.Length} entries"
            })

        testCaseTask "a schedule declared in code can be paused, but not changed or deleted" (fun () ->
            task {
                let rec declared () =
                    task {
                        let! reply = Send.get server "/api/schedules/declared"

                        if reply.Status = 404 then
                            return! declared ()
                        else
                            return reply.Json
                    }

                let! schedule = declared().WaitAsync(TimeSpan.FromMinutes 1.)
                Expect.isTrue (schedule?declared.GetBoolean()) "declared"

                let! changed =
                    put server "declared" """{"workflowType":"Order","cron":"0 3 * * *"}"""

                Expect.equal changed.Status 409 changed.Text
                Expect.stringContains changed.Text "declared-in-code" "kind"
                let! deleted = Send.send server Send.asAdmin "DELETE" "/api/schedules/declared" null
                Expect.equal deleted.Status 409 deleted.Text
                let! paused = operate server "declared" "pause"
                Expect.equal paused.Status 200 paused.Text
            })
    ]
