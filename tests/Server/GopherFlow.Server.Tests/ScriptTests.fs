namespace GopherFlow.Server.Tests

open Expecto
open GopherFlow.TestSupport

module ScriptTests =
    let tests (server: TestServer) =

        let named (name: string) (list: Reply) =
            items list.Json |> List.find (fun script -> text script?name = name)

        /// Errors only: the compiler also warns about unrelated assemblies in the test folder.
        let errors (diagnostics: System.Text.Json.JsonElement) =
            items diagnostics
            |> List.filter (fun diagnostic -> text diagnostic?severity = "error")

        testList "Script" [
            testCaseTask "a deployed script is listed, shown with its source and versions, and run" (fun () ->
                task {
                    let source = ScriptSources.loan "Loan" "Review"
                    let! deployed = ScriptSources.put server "Loan" source
                    Expect.equal deployed.Status 200 "status"
                    Expect.isTrue (deployed.Json?changed.GetBoolean()) "changed"
                    Expect.isTrue (deployed.Json?inEffect.GetBoolean()) "in effect"
                    let version = text deployed.Json?version
                    let! again = ScriptSources.put server "Loan" source
                    Expect.isFalse (again.Json?changed.GetBoolean()) "changed"
                    let! workflow = Make.workflowIn server "Loan" "Review" (Make.newId ())
                    Expect.equal (text workflow?version) version "version"

                    let! list = Send.get server "/api/scripts"
                    let listed = named "Loan" list
                    Expect.equal (text listed?currentVersion) version "current version"
                    Expect.isTrue (listed?enabled.GetBoolean()) "enabled"
                    Expect.equal (listed?unfinished.GetInt64()) 1L "unfinished"
                    Expect.isTrue (isJsonNull listed?refused) "refused"

                    let! script = Send.get server "/api/scripts/Loan"
                    Expect.equal (text script.Json?source) source "source"
                    Expect.isEmpty (items script.Json?loaded) "loaded"
                    let known = Expect.single (items script.Json?versions) "versions"
                    Expect.equal (text known?version) version "version"
                    Expect.equal (text known?origin) "api" "origin"
                    Expect.equal (text known?author) "admin" "author"
                    Expect.isTrue (known?current.GetBoolean()) "current"
                    Expect.isTrue (known?registered.GetBoolean()) "registered"
                    Expect.equal (known?unfinished.GetInt64()) 1L "unfinished"

                    let! one = Send.get server $"/api/scripts/Loan/versions/{version}"
                    Expect.equal (text one.Json?source) source "source"
                    // Other tests advance the shared clock, so only the date is certain.
                    Expect.stringStarts (text one.Json?created) "2026-11-22T" "created"
                })

            testCaseTask "a check returns the version and the definition, and stores nothing" (fun () ->
                task {
                    let body = ScriptSources.checkBody "Draft" (ScriptSources.loan "Draft" "Review")
                    let! reply = Send.post server "/api/scripts/check" body
                    Expect.equal reply.Status 200 "status"
                    Expect.equal ((text reply.Json?version).Length) 8 "version"
                    Expect.isEmpty (errors reply.Json?diagnostics) "diagnostics"
                    let definition = reply.Json?definition
                    Expect.equal (text definition?name) "Draft" "name"
                    Expect.stringContains (text definition?flowChart) "Init --> Review" "flow chart"

                    Expect.equal
                        (items definition?states |> List.map (fun state -> text state?name))
                        [ "Init"; "Review"; "Pay"; "Refused"; "Done" ]
                        "name"

                    let! after = Send.get server "/api/scripts/Draft"
                    Expect.equal after.Status 404 "status"
                    let! definition = Send.get server "/api/definitions/Draft"
                    Expect.equal definition.Status 404 "status"
                })

            testCaseTask "a check reports each error with its position" (fun () ->
                task {
                    let body = ScriptSources.checkBody "Draft" (ScriptSources.faulty "Draft")
                    let! reply = Send.post server "/api/scripts/check" body
                    Expect.equal reply.Status 200 "status"
                    Expect.isTrue (isJsonNull reply.Json?definition) "definition"
                    let fault = (errors reply.Json?diagnostics).Head
                    Expect.equal (text fault?file) "Draft.fsx" "file"
                    Expect.equal (fault?line.GetInt32()) 2 "line"
                    Expect.equal (fault?column.GetInt32()) 24 "column"
                    Expect.equal (fault?endLine.GetInt32()) 2 "end line"
                    Expect.equal (fault?endColumn.GetInt32()) 31 "end column"
                    Expect.equal (text fault?severity) "error" "severity"
                    Expect.equal (text fault?code) "FS0039" "code"
                    Expect.stringContains (text fault?text) "nowhere" "text"
                })

            testCaseTask "a trial reports every step and stores nothing" (fun () ->
                task {
                    let source =
                        (ScriptSources.loan "Trial" "Review")
                            .Replace("goto \"Review\"", "goto \"Pay\" |> after (hours 2)")

                    let source = source.Replace("[ \"Review\" ]", "[ \"Review\"; \"Pay\" ]")

                    let body =
                        $"""{{"stateVars":{{"amount":7}},"stepLimit":10,{(ScriptSources.checkBody "Trial" source).Substring 1}"""

                    let! reply = Send.post server "/api/scripts/try" body
                    Expect.equal reply.Status 200 "status"
                    let trial = reply.Json?trial
                    Expect.equal (text trial?ended) "reachedEnd" "ended"
                    Expect.equal (text trial?status) "FINISHED" "status"
                    Expect.equal (trial?stateVars.GetRawText()) """{"amount":7}""" "state vars"
                    Expect.floatClose Accuracy.low (trial?virtualSeconds.GetDouble()) 7200.0 "virtual seconds"

                    Expect.equal
                        (items trial?steps |> List.map (fun step -> text step?state, text step?nextState))
                        [ "Init", "Pay"; "Pay", "Done" ]
                        "next state"

                    let! after = Send.get server "/api/scripts/Trial"
                    Expect.equal after.Status 404 "status"
                })

            testCaseTask "a trial of an invalid source reports its errors" (fun () ->
                task {
                    let body = ScriptSources.checkBody "Trial" (ScriptSources.faulty "Trial")
                    let! reply = Send.post server "/api/scripts/try" body
                    Expect.equal reply.Status 200 "status"
                    Expect.isTrue (isJsonNull reply.Json?trial) "trial"
                    Expect.equal ((errors reply.Json?diagnostics).Head?line.GetInt32()) 2 "line"
                })

            testCaseTask "an invalid script is rejected with its errors, and the running version stays" (fun () ->
                task {
                    let! version =
                        ScriptSources.deploy server "Steady" (ScriptSources.loan "Steady" "Review")

                    let! refused = ScriptSources.put server "Steady" (ScriptSources.faulty "Steady")
                    Expect.equal refused.Status 422 "status"
                    Expect.equal (text refused.Json?``type``) "urn:gopherflow:problem:script-refused" "type"
                    Expect.stringContains (text refused.Json?detail) "Steady.fsx(2,24): error FS0039" "detail"
                    Expect.equal ((errors refused.Json?diagnostics).Head?line.GetInt32()) 2 "line"

                    let! script = Send.get server "/api/scripts/Steady"
                    Expect.equal (text script.Json?currentVersion) version "current version"
                    let kept = (errors script.Json?refused?diagnostics).Head
                    Expect.equal (kept?column.GetInt32()) 24 "column"
                    Expect.notEqual (text script.Json?refused?version) version "version"
                    let! workflow = Make.workflowIn server "Steady" "Review" (Make.newId ())
                    Expect.equal (text workflow?version) version "version"

                    let! repaired =
                        ScriptSources.deploy server "Steady" (ScriptSources.loan "Steady" "Look")

                    let! script = Send.get server "/api/scripts/Steady"
                    Expect.equal (text script.Json?currentVersion) repaired "current version"
                    Expect.isTrue (isJsonNull script.Json?refused) "no longer refused"
                })

            testCaseTask "a script can be rolled back to the previous or a given version" (fun () ->
                task {
                    let! first = ScriptSources.deploy server "Back" (ScriptSources.loan "Back" "One")
                    let! none = Send.post server "/api/scripts/Back/rollback" "{}"
                    Expect.equal none.Status 409 "status"
                    server.Clock.Advance(System.TimeSpan.FromSeconds 1.)
                    let! second = ScriptSources.deploy server "Back" (ScriptSources.loan "Back" "Two")
                    let! back = Send.send server Send.asAdmin "POST" "/api/scripts/Back/rollback" null
                    Expect.equal back.Status 200 "status"
                    Expect.equal (text back.Json?version) first "version"
                    let! workflow = Make.workflowIn server "Back" "One" (Make.newId ())
                    Expect.equal (text workflow?version) first "version"

                    let! forth =
                        Send.post server "/api/scripts/Back/rollback" $"""{{"version":"{second}"}}"""

                    Expect.equal (text forth.Json?version) second "version"
                    let! workflow = Make.workflowIn server "Back" "Two" (Make.newId ())
                    Expect.equal (text workflow?version) second "version"

                    let! unknown =
                        Send.post server "/api/scripts/Back/rollback" """{"version":"00000000"}"""

                    Expect.equal unknown.Status 404 "status"
                    Expect.equal (Send.invalidFields unknown) [ "version" ] "invalid fields"
                    Expect.stringContains (text (items unknown.Json?errors).Head?expected) first "expected"
                })

            testCaseTask "workflows of a disabled script wait and continue when it is enabled" (fun () ->
                task {
                    let! _ = ScriptSources.deploy server "Off" (ScriptSources.loan "Off" "Review")
                    let externalId = Make.newId ()
                    let! workflow = Make.workflowIn server "Off" "Review" externalId
                    let id = workflow?id.GetInt64()
                    let! disabled = Send.post server "/api/scripts/Off/disable" ""
                    Expect.equal disabled.Status 200 "status"
                    let! script = Send.get server "/api/scripts/Off"
                    Expect.isFalse (script.Json?enabled.GetBoolean()) "enabled"

                    let! refused = Send.post server "/api/workflows" (Make.body "Off" (Make.newId ()))
                    Expect.equal refused.Status 400 "status"
                    Expect.equal (Send.invalidFields refused) [ "workflowType" ] "invalid fields"
                    let! moved = Send.post server $"/api/workflows/{id}/state" """{"state":"Pay"}"""
                    Expect.equal moved.Status 200 "status"
                    let! waiting = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text waiting.Json?waitsFor) "definition" "waits for"

                    let! enabled = Send.post server "/api/scripts/Off/enable" ""
                    Expect.equal enabled.Status 200 "status"
                    let! ended = Make.workflowIn server "Off" "Done" externalId
                    Expect.equal (text ended?status) "FINISHED" "status"
                })

            testCaseTask "a version deployed to a disabled script is current but not in effect" (fun () ->
                task {
                    let! _ = ScriptSources.deploy server "Asleep" (ScriptSources.loan "Asleep" "One")
                    let! _ = Send.post server "/api/scripts/Asleep/disable" ""
                    let! deployed = ScriptSources.put server "Asleep" (ScriptSources.loan "Asleep" "Two")
                    Expect.equal deployed.Status 200 "status"

                    Expect.equal
                        (deployed.Json?changed.GetBoolean(), deployed.Json?inEffect.GetBoolean())
                        (true, false)
                        "changed and in effect"
                })

            testCaseTask "the audit log has the versions, and no entry for a deployment without a change" (fun () ->
                task {
                    let! first = ScriptSources.deploy server "Noted" (ScriptSources.loan "Noted" "One")
                    let! _ = ScriptSources.deploy server "Noted" (ScriptSources.loan "Noted" "One")
                    server.Clock.Advance(System.TimeSpan.FromSeconds 1.)
                    let! second = ScriptSources.deploy server "Noted" (ScriptSources.loan "Noted" "Two")
                    let! _ = Send.post server "/api/scripts/Noted/rollback" "{}"
                    let! reply = Send.get server "/api/audit?targetKind=script&targetId=Noted"
                    let entries = items reply.Json?entries

                    Expect.equal
                        (entries |> List.map (fun entry -> text entry?action, text entry?after?version))
                        [ "script.rollback", first; "script.deploy", second; "script.deploy", first ]
                        "entries"

                    Expect.equal (text entries.Head?before?version) second "before the rollback"
                })

            testCaseTask "two versions are compared line by line" (fun () ->
                task {
                    let! first = ScriptSources.deploy server "Diff" (ScriptSources.loan "Diff" "One")
                    let! second = ScriptSources.deploy server "Diff" (ScriptSources.loan "Diff" "Two")

                    let! reply =
                        Send.get server $"/api/scripts/Diff/differences?from={first}&to={second}"

                    Expect.equal reply.Status 200 "status"
                    let file = Expect.single (items reply.Json?files) "files"
                    Expect.equal (text file?file) "Diff.fsx" "file"

                    let changed =
                        items file?lines
                        |> List.filter (fun line -> text line?kind <> "same")
                        |> List.map (fun line -> text line?kind, line?oldLine.ToString(), line?newLine.ToString())

                    Expect.equal
                        changed
                        [
                            "removed", "3", ""
                            "added", "", "3"
                            "removed", "9", ""
                            "removed", "10", ""
                            "added", "", "9"
                            "added", "", "10"
                        ]
                        "changed"
                })
        ]
