namespace GopherFlow.Server.Tests

open System
open Microsoft.Data.Sqlite
open Expecto
open GopherFlow.TestSupport

module VersionTests =
    let tests (server: TestServer) =

        /// Deploys two versions of a script, with a workflow on the older version that waits in its manual state.
        let twoVersions name =
            task {
                let! first = ScriptSources.deploy server name (ScriptSources.loan name "Review")
                let! workflow = Make.workflowIn server name "Review" (Make.newId ())
                server.Clock.Advance(TimeSpan.FromSeconds 1.)
                let! second = ScriptSources.deploy server name (ScriptSources.loan name "Look")
                return first, second, workflow?id.GetInt64()
            }

        let move name body =
            Send.post server $"/api/definitions/{name}/move" body

        testList "Version" [
            testCaseTask "versions are listed with their unfinished workflows, and each can be read" (fun () ->
                task {
                    let! first, second, _ = twoVersions "Listed"
                    let! reply = Send.get server "/api/definitions/Listed/versions"
                    Expect.equal reply.Status 200 "status"

                    Expect.equal
                        (items reply.Json
                         |> List.map (fun version ->
                             text version?version,
                             version?current.GetBoolean(),
                             version?unfinished.GetInt64(),
                             version?registered.GetBoolean()))
                        [ second, true, 0L, true; first, false, 1L, true ]
                        "registered"

                    let! newest = Send.get server "/api/definitions/Listed"
                    Expect.equal (text newest.Json?version) second "version"
                    let! older = Send.get server $"/api/definitions/Listed?version={first}"
                    Expect.equal (text older.Json?version) first "version"
                    Expect.stringContains older.Text "Review" "text"
                    Expect.stringLacks older.Text "Look" "text"
                })

            testCaseTask "a dry run returns the plan and moves no workflow" (fun () ->
                task {
                    let! first, second, id = twoVersions "Dry"
                    let! refused = move "Dry" $"""{{"from":"{first}","to":"{second}"}}"""
                    Expect.equal refused.Status 200 "status"
                    Expect.isTrue (refused.Json?dryRun.GetBoolean()) "dry run"

                    Expect.stringContains
                        (text (Expect.single (items refused.Json?refusals) "refusals"))
                        "'Review'"
                        "refusals"

                    let line = Expect.single (items refused.Json?plan) "plan"
                    Expect.equal (text line?from) "Review" "from"
                    Expect.isTrue (isJsonNull line?``to``) "to"
                    Expect.equal (line?workflows.GetInt64()) 1L "workflows"

                    let! planned =
                        move "Dry" $"""{{"from":"{first}","to":"{second}","states":{{"Review":"Look"}}}}"""

                    Expect.isEmpty (items planned.Json?refusals) "refusals"
                    Expect.equal (text (Expect.single (items planned.Json?plan) "plan")?``to``) "Look" "to"
                    Expect.equal (planned.Json?moved.GetInt64()) 0L "moved"
                    let! workflow = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text workflow.Json?version) first "version"
                })

            testCaseTask "either all workflows are moved or none" (fun () ->
                task {
                    let! first, second, id = twoVersions "Moved"

                    let! refused =
                        move "Moved" $"""{{"from":"{first}","to":"{second}","dryRun":false}}"""

                    Expect.equal refused.Status 409 "status"
                    Expect.equal (text refused.Json?``type``) "urn:gopherflow:problem:move-refused" "type"
                    Expect.single (items refused.Json?refusals) "refusals" |> ignore
                    let! unmoved = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text unmoved.Json?version) first "version"

                    let! moved =
                        move
                            "Moved"
                            $"""{{"from":"{first}","to":"{second}","states":{{"Review":"Look"}},"workflowIds":[{id}],"dryRun":false}}"""

                    Expect.equal moved.Status 200 "status"
                    Expect.equal (moved.Json?moved.GetInt64()) 1L "moved"
                    let! workflow = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text workflow.Json?version) second "version"
                    Expect.equal (text workflow.Json?state) "Look" "state"
                    let! history = Send.get server $"/api/actions/byWorkflowId/{id}"
                    Expect.stringContains ((items history.Json).Head.GetRawText()) "admin" "history"
                })

            testCaseTask "an unknown target state is reported by field" (fun () ->
                task {
                    let! first, second, _ = twoVersions "Wrong"

                    let! reply =
                        move "Wrong" $"""{{"from":"{first}","to":"{second}","states":{{"Review":"Nowhere"}}}}"""

                    Expect.equal reply.Status 400 "status"
                    Expect.equal (Send.invalidFields reply) [ "states.Review" ] "invalid fields"
                })

            testCaseTask "a move to a version that is not loaded explains the reason and the fix" (fun () ->
                task {
                    let! first =
                        ScriptSources.deploy server "Older" (ScriptSources.loan "Older" "Review")

                    server.Clock.Advance(TimeSpan.FromSeconds 1.)
                    let! second = ScriptSources.deploy server "Older" (ScriptSources.loan "Older" "Look")
                    let! _ = Make.workflowIn server "Older" "Look" (Make.newId ())
                    let back = $"""{{"from":"{second}","to":"{first}","states":{{"Look":"Review"}}}}"""
                    let! reply = move "Older" back
                    Expect.equal reply.Status 400 "status"
                    Expect.equal (Send.invalidFields reply) [ "to" ] "invalid fields"

                    Expect.equal
                        (text (items reply.Json?errors).Head?expected)
                        $"a version that this server can run (version {first} of the script Older is known but not loaded, because new workflows start on version {second} and none is unfinished on {first}; roll the script back to {first} first)"
                        "expected"

                    let! _ =
                        Send.post server "/api/scripts/Older/rollback" $"""{{"version":"{first}"}}"""

                    let! planned = move "Older" back
                    Expect.equal planned.Status 200 "after the rollback"
                    Expect.isEmpty (items planned.Json?refusals) "refusals"
                })

            testCaseTask "a move of a disabled script is rejected with the reason" (fun () ->
                task {
                    let! first, second, _ = twoVersions "Off"
                    let! _ = Send.post server "/api/scripts/Off/disable" ""
                    let! reply = move "Off" $"""{{"from":"{first}","to":"{second}"}}"""
                    Expect.equal reply.Status 400 "status"

                    Expect.equal
                        (text (items reply.Json?errors).Head?expected)
                        "a version that this server can run (the script Off is disabled; enable it first)"
                        "expected"
                })

            testCaseTask "a workflow whose version is not registered waits for the definition" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! sleeper = Make.workflowIn server "Sleeper" "Wake" "one"
                    let id = sleeper?id.GetInt64()
                    use file = new SqliteConnection(server.ConnectionString)
                    file.Open()
                    use command = file.CreateCommand()
                    command.CommandText <- "update workflow_run set version = 'gone' where id = $id"
                    command.Parameters.AddWithValue("$id", id) |> ignore
                    Expect.equal (command.ExecuteNonQuery()) 1 "updated rows"
                    let! parked = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text parked.Json?waitsFor) "activation" "waits for"
                    server.Clock.Advance(TimeSpan.FromHours 1.)
                    let! due = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text due.Json?waitsFor) "definition" "waits for"
                    let! found = Send.post server "/api/workflows/search" $"""{{"id":{id}}}"""
                    Expect.equal (text (items found.Json?workflows).Head?waitsFor) "definition" "waits for"
                })
        ]

module DefinitionEventTests =
    let tests (server: TestServer) =

        let rec definitionOf name (events: EventReader) =
            task {
                let! event = events.NextAsync()
                let event = Option.get event

                if event.Name = "definition" && text event.Json?name = name then
                    return event
                else
                    return! definitionOf name events
            }

        testList "Definition event" [
            testCaseTask "a stream reports deployed and disabled definitions" (fun () ->
                task {
                    use! events = EventReader.OpenAsync(server, Send.asAdmin)
                    let! _ = events.NextAsync()

                    let! version =
                        ScriptSources.deploy server "Told" (ScriptSources.loan "Told" "Review")

                    let! deployed = definitionOf "Told" events
                    Expect.equal (text deployed.Json?version) version "version"
                    let! _ = Send.post server "/api/scripts/Told/disable" ""
                    let! disabled = definitionOf "Told" events
                    Expect.isTrue (isJsonNull disabled.Json?version) "version"
                })

            testCaseTask "a stream reports script changes even when no workflow runs" (fun () ->
                task {
                    let! _ = ScriptSources.deploy server "Quiet" (ScriptSources.loan "Quiet" "Review")
                    use! events = EventReader.OpenAsync(server, Send.asAdmin)
                    let! _ = events.NextAsync()
                    let! refused = ScriptSources.put server "Quiet" (ScriptSources.faulty "Quiet")
                    Expect.equal refused.Status 422 "status"
                    let event = events.NextAsync()
                    do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 1., event)
                    let! event = event
                    Expect.equal event.Value.Name "scripts" "name"
                })
        ]
