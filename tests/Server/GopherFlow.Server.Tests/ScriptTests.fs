namespace GopherFlow.Server.Tests

open Xunit

[<Collection "scripts">]
type ScriptTests(shared: SharedServer) =
    let server = shared.Server

    let named (name: string) (list: Reply) =
        items list.Json |> List.find (fun script -> text script?name = name)

    /// The compiler warns of assemblies beside these tests that have nothing to do with scripts.
    let errors (diagnostics: System.Text.Json.JsonElement) =
        items diagnostics
        |> List.filter (fun diagnostic -> text diagnostic?severity = "error")

    [<Fact>]
    member _.``a deployed script is listed, shown with its source and versions, and run``() =
        task {
            let source = ScriptSources.loan "Loan" "Review"
            let! deployed = ScriptSources.put server "Loan" source
            Assert.Equal(200, deployed.Status)
            Assert.True(deployed.Json?changed.GetBoolean())
            let version = text deployed.Json?version
            let! again = ScriptSources.put server "Loan" source
            Assert.False(again.Json?changed.GetBoolean())
            let! workflow = Make.workflowIn server "Loan" "Review" (Make.newId ())
            Assert.Equal(version, text workflow?version)

            let! list = Send.get server "/api/scripts"
            let listed = named "Loan" list
            Assert.Equal(version, text listed?currentVersion)
            Assert.True(listed?enabled.GetBoolean())
            Assert.Equal(1L, listed?unfinished.GetInt64())
            Assert.True(isJsonNull listed?refused)

            let! script = Send.get server "/api/scripts/Loan"
            Assert.Equal(source, text script.Json?source)
            Assert.Empty(items script.Json?loaded)
            let known = Assert.Single(items script.Json?versions)
            Assert.Equal(version, text known?version)
            Assert.Equal("api", text known?origin)
            Assert.Equal("admin", text known?author)
            Assert.True(known?current.GetBoolean())
            Assert.True(known?registered.GetBoolean())
            Assert.Equal(1L, known?unfinished.GetInt64())

            let! one = Send.get server $"/api/scripts/Loan/versions/{version}"
            Assert.Equal(source, text one.Json?source)
            // The clock is shared with tests that turn it.
            Assert.StartsWith("2026-11-22T", text one.Json?created)
        }

    [<Fact>]
    member _.``a check gives the version and the definition, and keeps nothing``() =
        task {
            let body = ScriptSources.checkBody "Draft" (ScriptSources.loan "Draft" "Review")
            let! reply = Send.post server "/api/scripts/check" body
            Assert.Equal(200, reply.Status)
            Assert.Equal(8, (text reply.Json?version).Length)
            Assert.Empty(errors reply.Json?diagnostics)
            let definition = reply.Json?definition
            Assert.Equal("Draft", text definition?name)
            Assert.Contains("Init --> Review", text definition?flowChart)

            Assert.Equal<string list>(
                [ "Init"; "Review"; "Pay"; "Refused"; "Done" ],
                items definition?states |> List.map (fun state -> text state?name)
            )

            let! after = Send.get server "/api/scripts/Draft"
            Assert.Equal(404, after.Status)
            let! definition = Send.get server "/api/definitions/Draft"
            Assert.Equal(404, definition.Status)
        }

    [<Fact>]
    member _.``a check tells each fault with its place``() =
        task {
            let body = ScriptSources.checkBody "Draft" (ScriptSources.faulty "Draft")
            let! reply = Send.post server "/api/scripts/check" body
            Assert.Equal(200, reply.Status)
            Assert.True(isJsonNull reply.Json?definition)
            let fault = (errors reply.Json?diagnostics).Head
            Assert.Equal("Draft.fsx", text fault?file)
            Assert.Equal(2, fault?line.GetInt32())
            Assert.Equal(24, fault?column.GetInt32())
            Assert.Equal(2, fault?endLine.GetInt32())
            Assert.Equal(31, fault?endColumn.GetInt32())
            Assert.Equal("error", text fault?severity)
            Assert.Equal("FS0039", text fault?code)
            Assert.Contains("nowhere", text fault?text)
        }

    [<Fact>]
    member _.``a trial tells every step, and keeps nothing``() =
        task {
            let source =
                (ScriptSources.loan "Trial" "Review").Replace("goto \"Review\"", "goto \"Pay\" |> after (hours 2)")

            let source = source.Replace("[ \"Review\" ]", "[ \"Review\"; \"Pay\" ]")

            let body =
                $"""{{"stateVars":{{"amount":7}},"stepLimit":10,{(ScriptSources.checkBody "Trial" source).Substring 1}"""

            let! reply = Send.post server "/api/scripts/try" body
            Assert.Equal(200, reply.Status)
            let trial = reply.Json?trial
            Assert.Equal("reachedEnd", text trial?ended)
            Assert.Equal("FINISHED", text trial?status)
            Assert.Equal("""{"amount":7}""", trial?stateVars.GetRawText())
            Assert.Equal(7200.0, trial?virtualSeconds.GetDouble(), 1.0)

            Assert.Equal<(string * string) list>(
                [ "Init", "Pay"; "Pay", "Done" ],
                items trial?steps |> List.map (fun step -> text step?state, text step?nextState)
            )

            let! after = Send.get server "/api/scripts/Trial"
            Assert.Equal(404, after.Status)
        }

    [<Fact>]
    member _.``a trial of a faulty source tells its faults``() =
        task {
            let body = ScriptSources.checkBody "Trial" (ScriptSources.faulty "Trial")
            let! reply = Send.post server "/api/scripts/try" body
            Assert.Equal(200, reply.Status)
            Assert.True(isJsonNull reply.Json?trial)
            Assert.Equal(2, (errors reply.Json?diagnostics).Head?line.GetInt32())
        }

    [<Fact>]
    member _.``a faulty script is refused with its faults, and what ran goes on``() =
        task {
            let! version =
                ScriptSources.deploy server "Steady" (ScriptSources.loan "Steady" "Review")

            let! refused = ScriptSources.put server "Steady" (ScriptSources.faulty "Steady")
            Assert.Equal(422, refused.Status)
            Assert.Equal("urn:gopherflow:problem:script-refused", text refused.Json?``type``)
            Assert.Contains("Steady.fsx(2,24): error FS0039", text refused.Json?detail)
            Assert.Equal(2, (errors refused.Json?diagnostics).Head?line.GetInt32())

            let! script = Send.get server "/api/scripts/Steady"
            Assert.Equal(version, text script.Json?currentVersion)
            let kept = (errors script.Json?refused?diagnostics).Head
            Assert.Equal(24, kept?column.GetInt32())
            Assert.NotEqual<string>(version, text script.Json?refused?version)
            let! workflow = Make.workflowIn server "Steady" "Review" (Make.newId ())
            Assert.Equal(version, text workflow?version)

            let! mended =
                ScriptSources.deploy server "Steady" (ScriptSources.loan "Steady" "Look")

            let! script = Send.get server "/api/scripts/Steady"
            Assert.Equal(mended, text script.Json?currentVersion)
            Assert.True(isJsonNull script.Json?refused)
        }

    [<Fact>]
    member _.``a script is rolled back to the version before, or to a named one``() =
        task {
            let! first = ScriptSources.deploy server "Back" (ScriptSources.loan "Back" "One")
            let! none = Send.post server "/api/scripts/Back/rollback" "{}"
            Assert.Equal(409, none.Status)
            server.Clock.Advance(System.TimeSpan.FromSeconds 1.)
            let! second = ScriptSources.deploy server "Back" (ScriptSources.loan "Back" "Two")
            let! back = Send.post server "/api/scripts/Back/rollback" "{}"
            Assert.Equal(200, back.Status)
            Assert.Equal(first, text back.Json?version)
            let! workflow = Make.workflowIn server "Back" "One" (Make.newId ())
            Assert.Equal(first, text workflow?version)

            let! forth =
                Send.post server "/api/scripts/Back/rollback" $"""{{"version":"{second}"}}"""

            Assert.Equal(second, text forth.Json?version)
            let! workflow = Make.workflowIn server "Back" "Two" (Make.newId ())
            Assert.Equal(second, text workflow?version)

            let! unknown =
                Send.post server "/api/scripts/Back/rollback" """{"version":"00000000"}"""

            Assert.Equal(404, unknown.Status)
            Assert.Equal<string list>([ "version" ], Send.faultyFields unknown)
            Assert.Contains(first, text (items unknown.Json?errors).Head?expected)
        }

    [<Fact>]
    member _.``workflows of a disabled script wait for it, and go on when it is enabled``() =
        task {
            let! _ = ScriptSources.deploy server "Off" (ScriptSources.loan "Off" "Review")
            let externalId = Make.newId ()
            let! workflow = Make.workflowIn server "Off" "Review" externalId
            let id = workflow?id.GetInt64()
            let! disabled = Send.post server "/api/scripts/Off/disable" ""
            Assert.Equal(200, disabled.Status)
            let! script = Send.get server "/api/scripts/Off"
            Assert.False(script.Json?enabled.GetBoolean())

            let! refused = Send.post server "/api/workflows" (Make.body "Off" (Make.newId ()))
            Assert.Equal(400, refused.Status)
            Assert.Equal<string list>([ "workflowType" ], Send.faultyFields refused)
            let! moved = Send.post server $"/api/workflows/{id}/state" """{"state":"Pay"}"""
            Assert.Equal(200, moved.Status)
            let! waiting = Send.get server $"/api/workflows/{id}"
            Assert.Equal("definition", text waiting.Json?waitsFor)

            let! enabled = Send.post server "/api/scripts/Off/enable" ""
            Assert.Equal(200, enabled.Status)
            let! ended = Make.workflowIn server "Off" "Done" externalId
            Assert.Equal("FINISHED", text ended?status)
        }

    [<Fact>]
    member _.``two versions are compared line by line``() =
        task {
            let! first = ScriptSources.deploy server "Diff" (ScriptSources.loan "Diff" "One")
            let! second = ScriptSources.deploy server "Diff" (ScriptSources.loan "Diff" "Two")

            let! reply =
                Send.get server $"/api/scripts/Diff/differences?from={first}&to={second}"

            Assert.Equal(200, reply.Status)
            let file = Assert.Single(items reply.Json?files)
            Assert.Equal("Diff.fsx", text file?file)

            let changed =
                items file?lines
                |> List.filter (fun line -> text line?kind <> "same")
                |> List.map (fun line -> text line?kind, line?oldLine.ToString(), line?newLine.ToString())

            Assert.Equal<(string * string * string) list>(
                [
                    "removed", "3", ""
                    "added", "", "3"
                    "removed", "9", ""
                    "removed", "10", ""
                    "added", "", "9"
                    "added", "", "10"
                ],
                changed
            )
        }
