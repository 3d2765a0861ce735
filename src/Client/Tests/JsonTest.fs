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

test "an unknown state type is kept" (fun () ->
    match Json.decodeText "definition" Json.contract<Definition> (definition "Begin") with
    | Result.Error reason -> failwith reason
    | Ok definition ->
        equal [ Start; StateType.Other "Begin" ] (definition.States |> List.map State.kind)
        equal "Begin" (StateType.wire (StateType.Other "Begin")))

test "an error in a list of records names the index and the field" (fun () ->
    let text = (definition "End").Replace("30", "\"30\"")

    equal
        (Result.Error "definition.states[0].timeoutSeconds: expected a number, received \"30\"")
        (Json.decodeText "definition" Json.contract<Definition> text))

test "the error for a missing field names it" (fun () ->
    equal
        (Result.Error "session.role: expected text, received nothing")
        (Json.decodeText "session" Json.contract<Session> """{ "username": "admin" }"""))

test "the error for a field of the wrong type names it" (fun () ->
    equal
        (Result.Error "executor.id: expected a number, received \"1\"")
        (Json.decodeText "executor" Json.contract<Executor> """{ "id": "1" }"""))

test "text that is not JSON is an error" (fun () ->
    equal (Result.Error "session: not JSON") (Json.decodeText "session" Json.contract<Session> "<html>"))

test "a list is not an object" (fun () ->
    equal
        (Result.Error "session: expected an object, received []")
        (Json.decodeText "session" Json.contract<Session> "[]"))

test "variables keep their order" (fun () ->
    match Json.decodeText "vars" Json.members """{ "name": "Julian", "age": 33, "none": null }""" with
    | Ok members -> equal [ "name"; "age"; "none" ] (List.map fst members)
    | Result.Error reason -> failwith reason)

test "a problem document has the errors of its fields" (fun () ->
    let problem =
        Http.Problem.ofAnswer
            400
            None
            """{ "title": "Bad request", "status": 400, "detail": "One field is not accepted.",
                 "errors": [ { "field": "externalId", "received": "", "expected": "text", "detail": "Must not be empty." } ] }"""

    equal (Some "Must not be empty.") (Http.Problem.ofField "externalId" (Some problem))
    equal None (Http.Problem.ofField "businessKey" (Some problem))
    equal "One field is not accepted." (Http.Problem.text problem))

test "a response without a problem document still has a message" (fun () ->
    equal "The server answered 502." (Http.Problem.ofAnswer 502 None "<html>Bad gateway</html>" |> Http.Problem.text))

let private rewritten (text: string) : string option =
    Json.tryParse text |> Option.map Json.write

test "a number with more digits than JavaScript can hold is kept exactly" (fun () ->
    let text =
        """{"id":1234567890123456789,"list":[9007199254740993,-0.12345678901234567890],"big":1e400,"deep":{"a":1.7976931348623157081e308}}"""

    equal (Some text) (rewritten text)
    equal (Some "1234567890123456789") (rewritten " 1234567890123456789 "))

test "other numbers are written as JavaScript writes them" (fun () ->
    equal
        (Some """{"a":1.5,"b":9007199254740992,"c":1e+22,"d":0.30000000000000004}""")
        (rewritten """{"a":1.50,"b":9007199254740992,"c":1e22,"d":0.30000000000000004}""")

    equal
        [ false; false; false; false; true; true; true ]
        (List.map ExactNumbers.losesDigits [
            "0"
            "-0.0"
            "15e-1"
            "0.1"
            "9007199254740993"
            "1e-400"
            "0.10000000000000000555"
        ]))

test "digits within a string are not changed" (fun () ->
    let text =
        """{"a":"no, 12345678901234567 \" 12345678901234567","12345678901234567":1}"""

    equal (Some text) (rewritten text))

test "long numbers do not make invalid JSON valid" (fun () ->
    equal None (rewritten """{"a":012345678901234567890}""")
    equal None (rewritten """{12345678901234567890:1}""")
    equal None (rewritten """{"a":12345678901234567890.}""")
    equal None (rewritten "\"12345678901234567890"))

test "a number with many digits is a number, not an object" (fun () ->
    equal (Ok 12345678901234567168.0) (Json.decodeText "count" Json.number "12345678901234567890")

    equal
        (Result.Error "variables: expected an object, received 12345678901234567890")
        (Json.decodeText "variables" Json.members "12345678901234567890"
         |> Result.map ignore)

    let value = Json.tryParse "[12345678901234567890]"
    isTrue "the same" (value = Json.tryParse "[12345678901234567890]")
    isTrue "another" (value <> Json.tryParse "[12345678901234567891]"))
