module GopherFlow.Client.Tests.JsonTest

open GopherFlow.Contract
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

let private definition (kind: string) =
    """{ "name": "Demo", "version": "2", "description": "d", "created": "2026-11-22T19:00:00.123456Z",
         "updated": "2026-11-22T19:00:00Z", "flowChart": "flowchart TD", "initialState": "Init", "registered": true,
         "retry": { "kind": "exponential", "maxRetries": 3, "minSeconds": 0.5, "maxSeconds": 60 }, "limits": [],
         "states": [
           { "name": "Init", "type": "Start", "goesTo": ["End"], "compensatedBy": null, "retry": null, "timeoutSeconds": 30, "limits": [] },
           { "name": "End", "type": "KIND", "goesTo": [], "compensatedBy": null, "retry": null, "timeoutSeconds": null, "limits": [{ "count": 5, "spanSeconds": null, "perKey": true }] } ] }"""
        .Replace("KIND", kind)

test "a definition is decoded with all its parts" (fun () ->
    match Json.decodeText "definition" Json.contract<Definition> (definition "End") with
    | Result.Error reason -> failwith reason
    | Ok definition ->
        equal "2" definition.Version
        equal "exponential" definition.Retry.Kind
        equal [ Start; End ] (definition.States |> List.map State.kind)
        equal [ Some 30.0; None ] (definition.States |> List.map _.TimeoutSeconds)
        equal [ "End" ] definition.States.Head.GoesTo)

test "a text that the console does not know is kept" (fun () ->
    match Json.decodeText "definition" Json.contract<Definition> (definition "Begin") with
    | Result.Error reason -> failwith reason
    | Ok definition ->
        equal [ Start; StateType.Other "Begin" ] (definition.States |> List.map State.kind)
        equal "Begin" (StateType.wire (StateType.Other "Begin")))

test "what is wrong in a list of records is named with its place" (fun () ->
    let text = (definition "End").Replace("30", "\"30\"")

    equal
        (Result.Error "definition.states[0].timeoutSeconds: expected a number, received \"30\"")
        (Json.decodeText "definition" Json.contract<Definition> text))

test "a missing field is named" (fun () ->
    equal
        (Result.Error "session.role: expected text, received nothing")
        (Json.decodeText "session" Json.contract<Session> """{ "username": "admin" }"""))

test "a field of another type is named" (fun () ->
    equal
        (Result.Error "executor.id: expected a number, received \"1\"")
        (Json.decodeText "executor" Json.contract<Executor> """{ "id": "1" }"""))

test "what is not JSON is said to be so" (fun () ->
    equal (Result.Error "session: not JSON") (Json.decodeText "session" Json.contract<Session> "<html>"))

test "a list is not an object" (fun () ->
    equal
        (Result.Error "session: expected an object, received []")
        (Json.decodeText "session" Json.contract<Session> "[]"))

test "variables keep their order and their kinds" (fun () ->
    match Json.decodeText "vars" Json.members """{ "name": "Julian", "age": 33, "none": null }""" with
    | Ok members -> equal [ "name"; "age"; "none" ] (List.map fst members)
    | Result.Error reason -> failwith reason)

test "a problem document tells the faults of its fields" (fun () ->
    let problem =
        Http.Problem.ofAnswer
            400
            None
            """{ "title": "Bad request", "status": 400, "detail": "One field is not accepted.",
                 "errors": [ { "field": "externalId", "received": "", "expected": "text", "detail": "Must not be empty." } ] }"""

    equal (Some "Must not be empty.") (Http.Problem.ofField "externalId" (Some problem))
    equal None (Http.Problem.ofField "businessKey" (Some problem))
    equal "One field is not accepted." (Http.Problem.text problem))

test "an answer without a problem document still has words" (fun () ->
    equal "The server answered 502." (Http.Problem.ofAnswer 502 None "<html>Bad gateway</html>" |> Http.Problem.text))
