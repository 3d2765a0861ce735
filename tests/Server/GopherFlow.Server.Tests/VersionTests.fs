namespace GopherFlow.Server.Tests

open System
open Microsoft.Data.Sqlite
open Xunit

[<Collection "scripts">]
type VersionTests(shared: SharedServer) =
    let server = shared.Server

    /// Deploys two versions of a script, with a workflow on the older one that waits for a person.
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

    [<Fact>]
    member _.``versions are listed with what is unfinished on them, and each can be drawn``() =
        task {
            let! first, second, _ = twoVersions "Listed"
            let! reply = Send.get server "/api/definitions/Listed/versions"
            Assert.Equal(200, reply.Status)

            Assert.Equal<(string * bool * int64 * bool) list>(
                [ second, true, 0L, true; first, false, 1L, true ],
                items reply.Json
                |> List.map (fun version ->
                    text version?version,
                    version?current.GetBoolean(),
                    version?unfinished.GetInt64(),
                    version?registered.GetBoolean())
            )

            let! newest = Send.get server "/api/definitions/Listed"
            Assert.Equal(second, text newest.Json?version)
            let! older = Send.get server $"/api/definitions/Listed?version={first}"
            Assert.Equal(first, text older.Json?version)
            Assert.Contains("Review", older.Text)
            Assert.DoesNotContain("Look", older.Text)
        }

    [<Fact>]
    member _.``a dry run says what would become of workflows, and moves none``() =
        task {
            let! first, second, id = twoVersions "Dry"
            let! refused = move "Dry" $"""{{"from":"{first}","to":"{second}"}}"""
            Assert.Equal(200, refused.Status)
            Assert.True(refused.Json?dryRun.GetBoolean())
            Assert.Contains("'Review'", text (Assert.Single(items refused.Json?refusals)))
            let line = Assert.Single(items refused.Json?plan)
            Assert.Equal("Review", text line?from)
            Assert.True(isJsonNull line?``to``)
            Assert.Equal(1L, line?workflows.GetInt64())

            let! planned =
                move "Dry" $"""{{"from":"{first}","to":"{second}","states":{{"Review":"Look"}}}}"""

            Assert.Empty(items planned.Json?refusals)
            Assert.Equal("Look", text (Assert.Single(items planned.Json?plan))?``to``)
            Assert.Equal(0L, planned.Json?moved.GetInt64())
            let! workflow = Send.get server $"/api/workflows/{id}"
            Assert.Equal(first, text workflow.Json?version)
        }

    [<Fact>]
    member _.``workflows are moved all together, or none is``() =
        task {
            let! first, second, id = twoVersions "Moved"

            let! refused =
                move "Moved" $"""{{"from":"{first}","to":"{second}","dryRun":false}}"""

            Assert.Equal(409, refused.Status)
            Assert.Equal("urn:gopherflow:problem:move-refused", text refused.Json?``type``)
            Assert.Single(items refused.Json?refusals) |> ignore
            let! unmoved = Send.get server $"/api/workflows/{id}"
            Assert.Equal(first, text unmoved.Json?version)

            let! moved =
                move
                    "Moved"
                    $"""{{"from":"{first}","to":"{second}","states":{{"Review":"Look"}},"workflowIds":[{id}],"dryRun":false}}"""

            Assert.Equal(200, moved.Status)
            Assert.Equal(1L, moved.Json?moved.GetInt64())
            let! workflow = Send.get server $"/api/workflows/{id}"
            Assert.Equal(second, text workflow.Json?version)
            Assert.Equal("Look", text workflow.Json?state)
            let! history = Send.get server $"/api/actions/byWorkflowId/{id}"
            Assert.Contains("admin", (items history.Json).Head.GetRawText())
        }

    [<Fact>]
    member _.``a state that is not there is named``() =
        task {
            let! first, second, _ = twoVersions "Wrong"

            let! reply =
                move "Wrong" $"""{{"from":"{first}","to":"{second}","states":{{"Review":"Nowhere"}}}}"""

            Assert.Equal(400, reply.Status)
            Assert.Equal<string list>([ "states.Review" ], Send.faultyFields reply)
        }

    [<Fact>]
    member _.``a workflow whose version is not here waits for it``() =
        task {
            use! server = TestServer.StartAsync()
            let! sleeper = Make.workflowIn server "Sleeper" "Wake" "one"
            let id = sleeper?id.GetInt64()
            use file = new SqliteConnection(server.ConnectionString)
            file.Open()
            use command = file.CreateCommand()
            command.CommandText <- "update workflow set version = 'gone' where id = $id"
            command.Parameters.AddWithValue("$id", id) |> ignore
            Assert.Equal(1, command.ExecuteNonQuery())
            let! parked = Send.get server $"/api/workflows/{id}"
            Assert.Equal("activation", text parked.Json?waitsFor)
            server.Clock.Advance(TimeSpan.FromHours 1.)
            let! due = Send.get server $"/api/workflows/{id}"
            Assert.Equal("definition", text due.Json?waitsFor)
            let! found = Send.post server "/api/workflows/search" $"""{{"id":{id}}}"""
            Assert.Equal("definition", text (items found.Json?workflows).Head?waitsFor)
        }

[<Collection "scripts">]
type DefinitionEventTests(shared: SharedServer) =
    let server = shared.Server

    let rec definitionOf name (events: EventReader) =
        task {
            let! event = events.NextAsync()
            let event = Option.get event

            if event.Name = "definition" && text event.Json?name = name then
                return event
            else
                return! definitionOf name events
        }

    [<Fact>]
    member _.``a stream tells of definitions that are deployed and disabled``() =
        task {
            use! events = EventReader.OpenAsync(server, Send.asAdmin)
            let! _ = events.NextAsync()

            let! version =
                ScriptSources.deploy server "Told" (ScriptSources.loan "Told" "Review")

            let! deployed = definitionOf "Told" events
            Assert.Equal(version, text deployed.Json?version)
            let! _ = Send.post server "/api/scripts/Told/disable" ""
            let! disabled = definitionOf "Told" events
            Assert.True(isJsonNull disabled.Json?version)
        }

    [<Fact>]
    member _.``a stream tells that scripts have changed, also when nothing else runs``() =
        task {
            let! _ = ScriptSources.deploy server "Quiet" (ScriptSources.loan "Quiet" "Review")
            use! events = EventReader.OpenAsync(server, Send.asAdmin)
            let! _ = events.NextAsync()
            let! refused = ScriptSources.put server "Quiet" (ScriptSources.faulty "Quiet")
            Assert.Equal(422, refused.Status)
            let event = events.NextAsync()
            do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 1., event)
            let! event = event
            Assert.Equal("scripts", event.Value.Name)
        }
